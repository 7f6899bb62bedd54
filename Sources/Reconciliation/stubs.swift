import SCIM
import Exports
struct ConnectionPlan { var attributes: [AttributeChange]; var desired: ComplexValue; var findings: [GuardFinding]; var notices: [Notice] }
enum ConnectionPlanner { static func plan(current: ComplexValue?, metadata: IdentityProviderMetadata, asOf: Timestamp, trustedChannel: Bool, otherTeamHoldsEntity: Bool, teamDomains: Set<String>) -> ConnectionPlan { fatalError() } }
enum ConnectionExpiry { static func notices(_ a: ComplexValue, asOf: Timestamp) -> [Notice] { [] } }
