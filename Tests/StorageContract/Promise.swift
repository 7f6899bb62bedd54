import SCIM

/// One thing that `ResourceStore` promises, as a sentence and a check of it. The tests of each store go through all of
/// ``StorageContract/promises`` with a new, empty store for each.
package struct Promise: Sendable, CustomStringConvertible {
    package let description: String
    package let check: @Sendable (any ResourceStore) throws -> Void

    init(_ description: String, _ check: @escaping @Sendable (any ResourceStore) throws -> Void) {
        self.description = description
        self.check = check
    }
}

/// What is true of every store.
package enum StorageContract {
    package static let promises =
        transactions + separation + resources + shownMemberships + links + journal + history + tokens
}

/// A promise that was not kept.
package struct Broken: Error, CustomStringConvertible {
    package let description: String
}

func expect<Value: Equatable>(_ value: Value, _ wanted: Value, _ what: String = "", line: Int = #line) throws {
    guard value == wanted else { throw Broken(description: "line \(line) \(what): \(value) is not \(wanted)") }
}

func expect(_ holds: Bool, _ what: String = "", line: Int = #line) throws {
    guard holds else { throw Broken(description: "line \(line) \(what)") }
}

/// `body` is refused by the store, as a mistake of the core.
func expectConstraint(line: Int = #line, _ body: () throws -> Void) throws {
    do { try body() } catch StoreError.constraint { return }
    throw Broken(description: "line \(line): it was not refused")
}
