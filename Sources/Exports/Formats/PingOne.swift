/// PingOne's `GET /environments/{id}/users`. An account that is LOCKED is still enabled.
extension Format {
    static let pingOne: [Format] = [
        Format(
            "pingone-users-json", "PingOne users (API, JSON)", container: .jsonMember("_embedded.users"),
            recognition: Recognition(requires: [["username"], ["enabled", "lifecycle", "account"]]),
            anchor: ["id"],
            attributes: [
                Attribute("userName", "username"),
                Attribute("emails.work", "email"),
                Attribute("name.givenName", "name.given"),
                Attribute("name.familyName", "name.family"),
                Attribute("name.middleName", "name.middle"),
                Attribute("displayName", "name.formatted", "name.given + name.family"),
                Attribute("nickName", "nickname"),
                Attribute("title", "title"),
                Attribute("phoneNumbers.mobile", "mobilePhone"),
                Attribute("phoneNumbers.work", "primaryPhone"),
                Attribute("addresses.work.streetAddress", "address.streetAddress"),
                Attribute("addresses.work.locality", "address.locality"),
                Attribute("addresses.work.region", "address.region"),
                Attribute("addresses.work.postalCode", "address.postalCode"),
                Attribute("addresses.work.country", "address.countryCode"),
                Attribute("photos.photo", "photo.href"),
                Attribute("preferredLanguage", "preferredLanguage"),
                Attribute("locale", "locale"),
                Attribute("timezone", "timezone"),
            ],
            status: [StatusColumn("enabled", words: StatusColumn.booleans)],
            paging: Paging(next: ["_links.next"], total: ["count"]))
    ]
}
