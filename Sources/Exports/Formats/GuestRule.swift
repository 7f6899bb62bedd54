/// How external guests are told from members (idp-exports.md §3). They are out of scope unless the configuration asks
/// for them; their login is never an address, so one of `addresses` must be there.
package struct GuestRule: Sendable {
    /// The column that says so, and the value of it.
    package var column: String?
    package var value: String
    /// Where that is missing or blank, as on old accounts: what only the logins of guests hold, and the column of the login.
    package var marker: String?
    package var login: String
    /// Where a guest's address is when the usual column is blank.
    package var addresses: [String]
    package init(
        _ column: String?, value: String = "Guest", marker: String?, login: String, addresses: [String] = []
    ) {
        self.column = column
        self.value = value
        self.marker = marker
        self.login = login
        self.addresses = addresses
    }
}
