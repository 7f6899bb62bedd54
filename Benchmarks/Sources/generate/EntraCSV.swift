/// Microsoft Entra's portal download, "Download users", in its newer generation of 29 columns: BOM, CRLF, `True` and
/// `False`, dates in the American order, line ends inside quoted addresses.
struct EntraCSV {
    let population: Population

    func write(night: Int, to file: OutputFile) {
        file.write("\u{FEFF}")
        file.write(
            """
            userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,\
            usageLocation,streetAddress,state,country,officeLocation,city,postalCode,telephoneNumber,mobilePhone,\
            alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification,companyName,creationType,\
            directorySynced,invitationState,identityIssuer,createdDateTime\r\n
            """)
        population.forEach(night: night) { row($0, file) }
    }

    private func row(_ person: Person, _ file: OutputFile) {
        let words = population.vocabulary
        let given = words.givenNames[person.givenName]
        let surname = words.surnames[person.surname]
        let place = words.places[person.place]
        let comma = UInt8(ascii: ",")
        person.writeAddress(words, file)
        file.write(byte: comma)
        file.write(given.written)
        file.write(byte: 0x20)
        file.write(surname.written)
        file.write(byte: comma)
        file.write(surname.written)
        file.write(byte: comma)
        person.writeAddress(words, file)
        file.write(byte: comma)
        file.write(given.written)
        file.write(byte: comma)
        writeGUID(person, file)
        file.write(",Member,")
        file.write(csv: words.titles[person.title])
        file.write(byte: comma)
        file.write(csv: words.departments[person.department])
        file.write(",True,,")
        person.writeStreet(words, lineEnd: "\r\n", quote: "\"", file)
        file.write(byte: comma)
        file.write(place.state)
        file.write(byte: comma)
        file.write(place.country)
        file.write(",HQ,")
        file.write(place.city)
        file.write(byte: comma)
        file.write(place.postalCode)
        file.write(byte: comma)
        if let phone = person.phone { person.writePhone(phone, words, file) }
        file.write(byte: comma)
        person.writePhone(person.mobile, words, file)
        file.write(",,,,,")
        file.write(csv: words.companies[person.company])
        file.write(",,True,,halden.example,")
        file.write(1 + person.index % 12)
        file.write(byte: UInt8(ascii: "/"))
        file.write(1 + person.index % 28)
        file.write("/2023 1:25:31 PM\r\n")
    }

    /// A version 4 GUID (RFC 9562) of the person's own bits.
    private func writeGUID(_ person: Person, _ file: OutputFile) {
        let second = population.random(person.index, salt: 7)
        file.write(hexadecimal: person.identity >> 32, digits: 8)
        file.write(byte: UInt8(ascii: "-"))
        file.write(hexadecimal: person.identity >> 16, digits: 4)
        file.write("-4")
        file.write(hexadecimal: person.identity, digits: 3)
        file.write("-8")
        file.write(hexadecimal: second >> 48, digits: 3)
        file.write(byte: UInt8(ascii: "-"))
        file.write(hexadecimal: second, digits: 12)
    }
}

extension Person {
    /// The number in it makes it unlike anybody else's.
    func writeAddress(_ words: Vocabulary, _ file: OutputFile) {
        file.write(words.givenNames[givenName].address)
        file.write(byte: UInt8(ascii: "."))
        file.write(words.surnames[surname].address)
        file.write(index)
        file.write(byte: UInt8(ascii: "@"))
        file.write(words.domains[company])
    }

    func writeStreet(_ words: Vocabulary, lineEnd: StaticString, quote: StaticString, _ file: OutputFile) {
        if suite != nil { file.write(quote) }
        file.write(houseNumber)
        file.write(byte: 0x20)
        file.write(words.streets[street])
        guard let suite else { return }
        file.write(lineEnd)
        file.write("Suite ")
        file.write(suite)
        file.write(quote)
    }

    func writePhone(_ number: Int, _ words: Vocabulary, _ file: OutputFile) {
        file.write(byte: UInt8(ascii: "+"))
        file.write(words.places[place].callingCode)
        file.write(" 555 ")
        file.write(number, width: 7)
    }
}
