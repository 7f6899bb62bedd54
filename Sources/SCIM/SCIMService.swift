/// The core: one method an operation, used in process by the nightly job and over HTTP by everybody else. There is no
/// second way to change a user.
///
/// Uniqueness, canonical keys and attribute rules are enforced here. Every change and its journal entry are one
/// transaction. Methods are synchronous and throw ``SCIMError`` for refusals, ``StoreError`` when the store fails.
package struct SCIMService: Sendable {
    package let store: any ResourceStore
    let now: @Sendable () -> Timestamp

    package init(store: any ResourceStore, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.now = now
    }
}
