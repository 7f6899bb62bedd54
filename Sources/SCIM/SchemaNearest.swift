extension Schema {
    /// The right path nearest to a misspelt one, for "did you mean": in the short notation where there is one, `nil`
    /// when nothing is near.
    package static func nearest(_ text: String, for type: ResourceType) -> String? {
        let asked = lowercasedASCII(trimmedBlanks(String(text.prefix(200))))
        if asked.isEmpty { return nil }
        if type == .user, let path = habits[letters(asked)] { return path }
        // An extension's attribute is sought by its short name, whichever URN was written before it.
        let last = asked.utf8.lastIndex(of: UInt8(ascii: ":"))
        let word = last.map { String(asked[asked.utf8.index(after: $0)...]) } ?? asked
        let bytes = Array(word.utf8)
        if bytes.count > 64 { return nil }
        let limit = max(2, bytes.count * 2 / 5)
        var best: (path: String, distance: Int)?
        for (path, known) in known[type] ?? [] {
            var distance = editDistance(bytes, known[...], atMost: limit)
            // `department` for `enterprise.department`, `givenName` for `name.givenName`.
            if let dot = known.lastIndex(of: UInt8(ascii: ".")) {
                distance = min(distance, editDistance(bytes, known[(dot + 1)...], atMost: limit) + 1)
            }
            if distance <= limit, distance < best?.distance ?? .max { best = (path, distance) }
        }
        return best?.path
    }

    /// A refusal of a name that is no attribute's, with the nearest right one.
    static func unknown(_ text: String, for type: ResourceType, failure: SCIMError.Kind) -> SCIMError {
        let shown = text.prefix(100)
        if shown.isEmpty { return SCIMError(status: 400, type: failure, detail: "An attribute's name is due.") }
        let hint = nearest(text, for: type).map { " Did you mean \"\($0)\"?" } ?? ""
        return SCIMError(status: 400, type: failure, detail: "\(type.name) has no attribute \"\(shown)\".\(hint)")
    }

    /// Every path that a mapping may name, in the schema's order.
    package static func paths(of type: ResourceType) -> [String] {
        var paths = ["externalId"]
        for attribute in type.schema.attributes where attribute.mutability != .readOnly {
            guard attribute.kind == .complex else {
                paths.append(attribute.name)
                continue
            }
            if !attribute.isMultiValued {
                paths += attribute.subAttributes.map { "\(attribute.name).\($0.name)" }
                continue
            }
            paths.append(attribute.name)
            var words = attribute.subAttribute(named: "type")?.canonicalValues ?? []
            if attribute.subAttribute(named: "primary") != nil { words.append("primary") }
            let parts = attribute.subAttributes.filter { !["type", "primary", "$ref"].contains($0.name) }
            for word in type == .user ? words : [] {
                if attribute.valueAttribute != nil {
                    paths.append("\(attribute.name).\(word)")
                } else {
                    paths += parts.map { "\(attribute.name).\(word).\($0.name)" }
                }
            }
        }
        for schema in type.extensions {
            paths += schema.attributes.map { "enterprise.\($0.name)" }
        }
        return paths
    }

    /// ``paths(of:)`` with their small letters.
    private static let known = Dictionary(
        uniqueKeysWithValues: ResourceType.allCases.map { type in
            (type, paths(of: type).map { (path: $0, letters: Array(lowercasedASCII($0).utf8)) })
        })

    /// Words that people write for an attribute whose name is nothing like them.
    private static let habits = [
        "firstname": "name.givenName", "forename": "name.givenName", "lastname": "name.familyName",
        "surname": "name.familyName", "fullname": "displayName", "email": "emails.work", "mail": "emails.work",
        "emailaddress": "emails.work", "login": "userName", "upn": "userName", "userprincipalname": "userName",
        "jobtitle": "title", "mobile": "phoneNumbers.mobile", "mobilephone": "phoneNumbers.mobile",
        "cell": "phoneNumbers.mobile", "phone": "phoneNumbers.work", "workphone": "phoneNumbers.work",
        "telephonenumber": "phoneNumbers.work", "company": "enterprise.organization",
        "companyname": "enterprise.organization", "employeeid": "enterprise.employeeNumber",
        "city": "addresses.work.locality", "street": "addresses.work.streetAddress",
        "state": "addresses.work.region", "zip": "addresses.work.postalCode", "photo": "photos.photo",
        "language": "preferredLanguage", "role": "roles", "status": "active", "enabled": "active",
        "anchor": "externalId",
    ]

    private static func letters(_ text: String) -> String {
        String(decoding: text.utf8.filter { $0 >= 0x61 && $0 <= 0x7A }, as: UTF8.self)
    }

    /// Insertions, deletions, substitutions and swaps of neighbours that make `b` of `a`; something above `limit` when
    /// their lengths alone say so.
    private static func editDistance(_ a: [UInt8], _ b: ArraySlice<UInt8>, atMost limit: Int) -> Int {
        if abs(a.count - b.count) > limit { return limit + 1 }
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        var row = beforeLast
        var (lastLeast, least) = (0, 0)
        for i in a.indices {
            (lastLeast, least) = (least, i + 1)
            row[0] = i + 1
            for (j, letter) in zip(0..., b) {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == letter ? 0 : 1))
                if i > 0, j > 0, a[i] == b[b.startIndex + j - 1], a[i - 1] == letter {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row[j + 1] = cost
                least = min(least, cost)
            }
            // From two rows like these no shorter way leads on.
            if least > limit, lastLeast > limit { return limit + 1 }
            swap(&beforeLast, &last)
            swap(&last, &row)
        }
        return last[b.count]
    }
}
