import Foundation
import Testing

@testable import Exports

@Suite struct `Refused inputs` {
    @Test(arguments: [
        (#"{"errorCode":"E0000011","errorSummary":"Invalid token provided"}"#, "api-error", "Invalid token provided"),
        (
            #"{"error":{"code":"InvalidAuthenticationToken","message":"Access token is empty."}}"#, "api-error",
            "Access token is empty."
        ),
        (
            #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"Not authorised","status":"401"}"#,
            "api-error", "Not authorised"
        ),
        (#"{"errors":[{"message":"no"}]}"#, "api-error", ""), (#"{"hello":"world"}"#, "no-records", "hello"),
        ("<!DOCTYPE html><html>Sign in</html>", "html", ""), ("<?xml version=\"1.0\"?><a/>", "xml", ""),
        ("<note/>", "xml", ""), ("PK\u{3}\u{4}xxxx", "zip", "CSV"), ("", "empty-file", ""),
        ("dn: cn=a\nchangetype: delete\n\n", "ldif-changes", ""),
        ("colour,size\nred,1\n", "needs-mapping", "colour, size"),
        (#"[{"id":"1"},]"#, "json-syntax", ""),
        (#"{"value":[{"userPrincipalName":"a","userPrincipalName":"b"}]}"#, "json-duplicate-member", ""),
    ])
    func `are named for what they are`(text: String, code: String, quoted: String) throws {
        let directory = try Directory()
        let reading = try Reading(try directory.write(text, to: "users.csv"))
        let refusal = try #require(reading.refusal)
        #expect(refusal.code == code)
        #expect(quoted.isEmpty || refusal.message.contains(quoted))
        #expect(reading.records.isEmpty)
    }

    /// The first bytes of a PNG picture, of a JPEG and a WebP one, of a Linux program, and of nothing known.
    @Test(arguments: [
        ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ", "picture", "a picture"),
        ("/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAgGBgcGBQgHBwcJ", "picture", "a picture"),
        ("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCd", "picture", "a picture"),
        ("f0VMRgIBAQAAAAAAAAAAAAIAPgABAAAAgBBAAAAAAABAAAAAAAAAAOg2", "program", "a program"),
        ("AQID8QQFBvIHgA==", "not-text", "not a text file"),
    ])
    func `are no text`(base64: String, code: String, word: String) throws {
        let directory = try Directory()
        let path = directory.url.appending(path: "users.csv")
        try #require(Data(base64Encoded: base64)).write(to: path)
        let refusal = try #require(try Reading(path.path).refusal)
        #expect(refusal.code == code)
        #expect(refusal.message.contains(word))
    }

    @Test func `name a file that is not there`() throws {
        #expect(try Reading("/nowhere/users.csv").refusal?.code == "not-found")
    }

    @Test func `lead to metadata by their content`() throws {
        let directory = try Directory()
        let path = try directory.write("\n<md:EntityDescriptor entityID=\"x\"/>", to: "a.csv")
        let inputs = try Inputs.open([InputFile(path)], options: ReadingOptions(asOf: asOf))
        #expect(inputs.metadata == [path])
        #expect(inputs.refused.isEmpty)
    }

    @Test func `name what a forced format misses`() throws {
        let reading = try Reading(csv: "id,login,email\n1,a@example.com,a@example.com\n", inputFormat: "okta-users-csv")
        #expect(reading.refusal?.code == "not-the-format")
        #expect(reading.refusal?.message.contains("User Id, Username") == true)
        #expect(throws: ConfigurationError.self) { try Reading(csv: "id,email\n1,a\n", inputFormat: "okta-user-csv") }
    }

    @Test func `are read as the format that the source names`() throws {
        let path = Fixtures.path("okta/users-default-list.json")
        var options = ReadingOptions(asOf: asOf)
        options.inputFormat = located("generic-json")
        #expect(try Reading([path], options: options).summaries[0].format == "generic-json")
        options.inputFormat = located("auto")
        #expect(try Reading([path], options: options).summaries[0].format == "okta-users-json")
    }

    @Test func `have a repeated header, unless the mapping says which`() throws {
        let csv = "id,login,email,email\n1,ann@example.com,ann@example.com,old@example.com\n"
        #expect(try Reading(csv: csv).refusal?.code == "duplicate-header")
        var mapping = MappingConfiguration()
        mapping.entries = [.init("emails.work", from: "email #2")]
        let reading = try Reading(csv: csv, mapping)
        #expect(reading.refusal == nil)
        #expect(reading.records.map { reading.text("emails.work", $0) } == ["old@example.com"])
    }
}
