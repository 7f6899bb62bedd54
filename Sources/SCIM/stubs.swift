extension SCIMService { package func bulk(_ operations: [BulkOperation], atomic: Bool, context: RequestContext) throws -> [BulkOutcome] { fatalError() } }
