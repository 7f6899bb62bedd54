/// When somebody starts and when they leave, in systems that know it ahead (idp-exports.md §3, "Future dates").
package struct EmploymentDates: Sendable {
    package var hire: [String]
    package var termination: [String]
    package init(hire: [String] = [], termination: [String] = []) {
        self.hire = hire
        self.termination = termination
    }
}
