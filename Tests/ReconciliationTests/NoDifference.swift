import CustomDump
import Testing

/// Fails the test with the difference of two values, told line by line.
func expectNoDifference<Value: Equatable>(
    _ value: Value, _ expected: Value, sourceLocation: SourceLocation = #_sourceLocation
) {
    if value == expected { return }
    Issue.record("\(diff(expected, value) ?? "not equal")", sourceLocation: sourceLocation)
}
