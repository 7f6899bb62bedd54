extension Format {
    /// Every format, the more particular before the more general: the first whose ``Recognition`` matches is it.
    package static let all: [Format] = [
        okta,
        entra,
        google,
        scimList,
        oneLogin,
        jumpCloud,
        pingOne,
        auth0,
        keycloak,
        workday,
        bambooHR,
        rippling,
        activeDirectory,
        generic,
    ].flatMap { $0 }
}
