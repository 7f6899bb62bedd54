/// A filter (RFC 7644 §3.4.2.2) as a value.
package indirect enum Filter: Hashable, Sendable {
    package enum Comparison: String, Sendable { case eq, ne, co, sw, ew, gt, ge, lt, le }
    case compare(AttributePath, Comparison, AttributeValue)
    case present(AttributePath)
    case and(Filter, Filter)
    case or(Filter, Filter)
    case not(Filter)
}
