/// Okta's `GET /api/v1/users`, all pages joined into one array. `lastLogin` moves every night for everybody, as it
/// does: a reader that compares more than it maps would find a million changes.
struct OktaJSON {
    let population: Population

    func write(night: Int, to file: OutputFile) {
        var isFirst = true
        file.write(byte: UInt8(ascii: "["))
        population.forEach(night: night) { person in
            if !isFirst { file.write(byte: UInt8(ascii: ",")) }
            isFirst = false
            element(person, night: night, file)
        }
        file.write("]\n")
    }

    private func element(_ person: Person, night: Int, _ file: OutputFile) {
        let words = population.vocabulary
        let given = words.givenNames[person.givenName]
        let surname = words.surnames[person.surname]
        let place = words.places[person.place]
        file.write(#"{"id":""#)
        writeID(person, file)
        file.write(#"","status":"ACTIVE","created":"2023-03-04T09:15:00.000Z","activated":"2023-03-04T09:16:02.000Z","#)
        file.write(#""statusChanged":"2023-03-04T09:16:02.000Z","lastLogin":"2026-11-"#)
        file.write(19 + night)
        file.write("T08:")
        file.write(person.index % 60, width: 2)
        file.write(#":44.000Z","lastUpdated":"2026-10-21T10:00:00.000Z","passwordChanged":null,"#)
        file.write(#""type":{"id":"otyFICTdefault0g4"},"profile":{"firstName":"#)
        file.write(json: given.written)
        file.write(#","lastName":"#)
        file.write(json: surname.written)
        file.write(#","displayName":""#)
        file.write(given.written)
        file.write(byte: 0x20)
        file.write(surname.written)
        file.write(#"","mobilePhone":""#)
        person.writePhone(person.mobile, words, file)
        file.write(#"","primaryPhone":"#)
        if let phone = person.phone {
            file.write(byte: UInt8(ascii: "\""))
            person.writePhone(phone, words, file)
            file.write(byte: UInt8(ascii: "\""))
        } else {
            file.write("null")
        }
        file.write(#","secondEmail":null,"login":""#)
        person.writeAddress(words, file)
        file.write(#"","email":""#)
        person.writeAddress(words, file)
        file.write(#"","title":"#)
        file.write(json: words.titles[person.title])
        file.write(#","department":"#)
        file.write(json: words.departments[person.department])
        file.write(#","organization":"#)
        file.write(json: words.companies[person.company])
        file.write(#","division":""#)
        file.write(place.country)
        file.write(#"","costCenter":"CC"#)
        file.write(1000 + person.department * 10)
        file.write(#"","employeeNumber":""#)
        file.write(person.index, width: 8)
        file.write(#"","streetAddress":""#)
        person.writeStreet(words, lineEnd: "\\n", quote: "", file)
        file.write(#""},"credentials":{"provider":{"type":"OKTA","name":"OKTA"}},"#)
        file.write(#""_links":{"self":{"href":"https://halden.okta.example/api/v1/users/"#)
        writeID(person, file)
        file.write(#""}}}"#)
    }

    /// Twenty characters as Okta's: `00u`, then random ones, then the person's number, which makes it unique.
    private func writeID(_ person: Person, _ file: OutputFile) {
        file.write("00u")
        Self.writeDigits(person.identity, count: 11, file)
        Self.writeDigits(UInt64(person.index), count: 6, file)
    }

    private static func writeDigits(_ number: UInt64, count: Int, _ file: OutputFile) {
        var rest = number
        for _ in 0..<count {
            let digit = UInt8(rest % 62)
            rest /= 62
            switch digit {
            case 0..<10: file.write(byte: UInt8(ascii: "0") + digit)
            case 10..<36: file.write(byte: UInt8(ascii: "A") + digit - 10)
            default: file.write(byte: UInt8(ascii: "a") + digit - 36)
            }
        }
    }
}
