/// Auth0's export job: one object a line. `blocked` is inverted, and absent when it is false.
extension Format {
    static let auth0: [Format] = [
        Format(
            "auth0-users-ndjson", "Auth0 users (export job, NDJSON)", container: .ndjson,
            recognition: Recognition(requires: [["user_id"], ["email"]]),
            anchor: ["user_id"],
            attributes: [
                Attribute("userName", "email"),
                Attribute("emails.work", "email"),
                Attribute("name.givenName", "given_name"),
                Attribute("name.familyName", "family_name"),
                Attribute("displayName", "name", "given_name + family_name"),
                Attribute("nickName", "nickname"),
                Attribute("phoneNumbers.mobile", "phone_number"),
                Attribute("photos.photo", "picture"),
                Attribute("locale", "locale"),
            ],
            status: [StatusColumn("blocked", words: StatusColumn.invertedBooleans)], presenceMeansActive: true)
    ]
}
