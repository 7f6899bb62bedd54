import SCIM

/// The values of one record: picked, cleaned, and folded for the digest (idp-exports.md §6 and §7).
///
/// Two buffers grow side by side. `values` has what is stored, value after value. `digested` has the mapping's seed,
/// then for each value its length (−1 missing, −2 blank) and what its ``AttributeRule/Comparison`` leaves of it.
struct ValueNormaliser: ~Copyable {
    private let rules: [CompiledValue]
    private let emailRule: Int?
    private let guests: CompiledGuests?
    private let isSpreadsheet: Bool
    private let hasTypeNames: Bool
    private let seed: Digest128

    private var values = ByteBuffer()
    private var digested = ByteBuffer()
    private var derived = ByteBuffer()
    private let lengths: UnsafeMutableBufferPointer<Int32>
    /// ``rules`` without a reference in them: looking at one of those costs two counts of references, and that fifteen
    /// times a record.
    private let steps: UnsafeMutableBufferPointer<Step>
    private var userNameKeyEnd = 0
    /// Names had `?` where letters outside ASCII were, and count as missing.
    private(set) var namesWereLost = false

    /// One rule as most are: a kind, a limit and one column.
    private struct Step {
        var kind: CompiledValue.Kind
        var lengthLimit: Int
        /// The only column, taken as it is; `nil` when there are several, or something is made of them.
        var slot: Int?
    }

    private static let missing: Int32 = -1
    private static let blank: Int32 = -2
    /// The seed's bytes, and those of the first length.
    private static let userNameKeyStart = 20

    init(_ mapping: CompiledMapping) {
        rules = mapping.values
        emailRule = mapping.emailRule
        guests = mapping.guests
        isSpreadsheet = mapping.isSpreadsheet
        hasTypeNames = mapping.hasTypeNames
        seed = mapping.seed
        lengths = .allocate(capacity: mapping.values.count)
        lengths.initialize(repeating: Self.missing)
        steps = .allocate(capacity: mapping.values.count)
        _ = steps.initialize(
            from: mapping.values.map { Step(kind: $0.kind, lengthLimit: $0.lengthLimit, slot: $0.onlySlot) })
    }

    deinit {
        lengths.deallocate()
        steps.deallocate()
    }

    mutating func map(_ record: RecordBuffer, isGuest: Bool) throws(Rejection) {
        namesWereLost = false
        if try mapOnce(record, isGuest) { return }
        namesWereLost = true
        _ = try mapOnce(record, isGuest)
    }

    /// False when a name turned out to have lost its letters: then all is done again without names.
    private mutating func mapOnce(_ record: RecordBuffer, _ isGuest: Bool) throws(Rejection) -> Bool {
        values.removeAll()
        digested.removeAll()
        withUnsafeBytes(of: seed) { digested.append($0) }
        for index in steps.indices {
            let step = steps[index]
            let start = values.count
            let mark = digested.count
            digested.append(length: Self.missing)
            let length: Int32
            if step.kind == .name, namesWereLost {
                length = Self.missing
            } else {
                let (value, slot) =
                    if let slot = step.slot {
                        (picked(record.raw(slot), kind: step.kind), slot as Int?)
                    } else {
                        picked(rules[index].sources, record, kind: step.kind)
                    }
                if value.isBlank {
                    let state = value.isMissing ? Self.missing : Self.blank
                    length = try appendStandIn(index, record, state: state, isGuest: isGuest)
                } else {
                    guard try append(value, slot: slot, step) else { return false }
                    length = Int32(values.count - start)
                }
            }
            lengths[index] = length
            digested.set(length < 0 ? length : Int32(digested.count - mark - 4), at: mark)
            if index == CompiledMapping.userNameRule { userNameKeyEnd = digested.count }
        }
        return true
    }

    // MARK: - Picking

    /// The first of several sources that is not blank, cleaned of what vendors and spreadsheets put around it.
    @inline(__always)
    private mutating func picked(
        _ sources: [CompiledSource], _ record: RecordBuffer, kind: CompiledValue.Kind
    ) -> (value: RawValue, slot: Int?) {
        var isMissing = true
        for index in sources.indices {
            let value = picked(sources[index], record, kind: kind)
            if !value.isBlank { return (value, sources[index].slots[0]) }
            isMissing = isMissing && value.isMissing
        }
        return (RawValue(start: RawValue.nothing, count: 0, isMissing: isMissing), sources.first?.slots[0])
    }

    /// One source's value; good until the next one is picked.
    @inline(__always)
    mutating func picked(_ source: CompiledSource, _ record: RecordBuffer, kind: CompiledValue.Kind) -> RawValue {
        if source.wrapping == nil, source.slots.count == 1 { return picked(record.raw(source.slots[0]), kind: kind) }
        return made(source, record, kind: kind)
    }

    @inline(__always)
    private func picked(_ raw: RawValue, kind: CompiledValue.Kind) -> RawValue {
        var value = raw.trimmed(keepsFormula: kind == .text || kind == .name)
        if value.isBlank { return value }
        if isSpreadsheet, value.start[0] == 0x3D { value = SpreadsheetDamage.unwrapped(value).trimmed() }
        if isSpreadsheet, kind == .identifier { value = SpreadsheetDamage.withoutApostrophe(value) }
        if hasTypeNames, value.isTypeName { return RawValue(start: RawValue.nothing, count: 0, isMissing: true) }
        if isOnlyFormulaMark(value) { return RawValue(start: RawValue.nothing, count: 0, isMissing: false) }
        return value
    }

    /// A tab or carriage return and nothing after it is white space like any other.
    @inline(__always)
    private func isOnlyFormulaMark(_ value: RawValue) -> Bool { value.count == 1 && value.start[0] < 0x20 }

    /// Several columns joined, or one unwrapped.
    @inline(never)
    private mutating func made(_ source: CompiledSource, _ record: RecordBuffer, kind: CompiledValue.Kind) -> RawValue {
        derived.removeAll()
        var isMissing = true
        for slot in source.slots {
            let part = picked(record.raw(slot), kind: kind)
            isMissing = isMissing && part.isMissing
            if part.isBlank { continue }
            if derived.count > 0 { derived.append(0x20) }
            derived.append(part.start, part.count)
        }
        if derived.count > 0, let wrapping = source.wrapping {
            let inside = DerivedValue.unwrap(String(decoding: derived.bytes, as: UTF8.self), wrapping)
            derived.removeAll()
            derived.append(utf8: inside ?? "")
        }
        return RawValue(start: derived.base, count: derived.count, isMissing: isMissing)
    }

    // MARK: - Cleaning

    /// False when a name has lost letters.
    @inline(__always)
    private mutating func append(_ value: RawValue, slot: Int?, _ step: Step) throws(Rejection) -> Bool {
        if value.count > step.lengthLimit { try checkLength(value, slot, step.lengthLimit) }
        switch step.kind {
        case .userName: try appendUserName(value, slot)
        case .email: try appendEmail(value, slot)
        case .name:
            if isSpreadsheet, value.contains(0x3F), value.hasLostLetters { return false }
            try appendName(value, slot)
        case .identifier, .text: try appendText(value, slot)
        }
        return true
    }

    private func checkLength(_ value: RawValue, _ slot: Int?, _ limit: Int) throws(Rejection) {
        // Only those that are over the limit in bytes are counted in characters. A long address is looked at first.
        let count = value.text.unicodeScalars.count
        if count > limit, !(limit == 254 && value.contains(0x3C)) {
            throw Rejection(
                code: "too-long", slot: slot, message: "The value has \(count) characters; \(limit) are the most.")
        }
    }

    @inline(__always)
    private mutating func appendUserName(_ value: RawValue, _ slot: Int?) throws(Rejection) {
        let first = value.start[0]
        let isSuspect = isSpreadsheet && (first == 0x27 || SpreadsheetDamage.isLost(value))
        if !isSuspect, value.isPrintableASCII {
            values.append(value.start, value.count)
            digested.appendLowercased(value.start, value.count)
        } else {
            try appendUnusualUserName(value, slot, isSuspect: isSuspect)
        }
    }

    private mutating func appendUnusualUserName(
        _ value: RawValue, _ slot: Int?, isSuspect: Bool
    ) throws(Rejection) {
        if isSuspect { throw damaged(value, slot) }
        let text = value.text
        do {
            let key = try CanonicalKey.userName(text)
            try CanonicalKey.checkScripts(text)
            values.append(value.start, value.count)
            digested.append(utf8: key)
        } catch {
            throw .keyFault(error, slot)
        }
    }

    private func damaged(_ value: RawValue, _ slot: Int?) -> Rejection {
        value.start[0] == 0x27
            ? Rejection(
                code: "leading-apostrophe", slot: slot,
                message: "The value begins with ', which a spreadsheet puts there: the export was edited.")
            : Rejection(
                code: "excel-damage", slot: slot,
                message: "A spreadsheet turned the value into \(quoted(value.text.prefix(40))): export it anew.")
    }

    @inline(__always)
    private mutating func appendEmail(_ value: RawValue, _ slot: Int?) throws(Rejection) {
        if EmailCell.isPlainAddress(value) {
            values.append(value.start, value.count)
            digested.appendLowercased(value.start, value.count)
        } else {
            try appendUnusualEmail(value, slot)
        }
    }

    private mutating func appendUnusualEmail(_ value: RawValue, _ slot: Int?) throws(Rejection) {
        if isSpreadsheet, SpreadsheetDamage.isLost(value) { throw damaged(value, slot) }
        let address = try EmailCell.address(in: value.text, slot: slot, isSpreadsheet: isSpreadsheet)
        values.append(utf8: address)
        do {
            digested.append(utf8: try CanonicalKey.email(address))
        } catch {
            throw .keyFault(error, slot)
        }
    }

    @inline(__always)
    private mutating func appendName(_ value: RawValue, _ slot: Int?) throws(Rejection) {
        if value.isSinglySpacedASCII {
            values.append(value.start, value.count)
            digested.appendLowercased(value.start, value.count)
        } else {
            try appendUnusualName(value, slot)
        }
    }

    private mutating func appendUnusualName(_ value: RawValue, _ slot: Int?) throws(Rejection) {
        if value.isSinglySpaced, TextFolding.appendSimpleKey(value.start, value.count, to: &digested) {
            values.append(value.start, value.count)
            return
        }
        try refuseNull(value, slot)
        let name = TextFolding.normalForm(value.text.singlySpaced)
        values.append(utf8: name)
        digested.append(utf8: TextFolding.key(name))
    }

    @inline(__always)
    private mutating func appendText(_ value: RawValue, _ slot: Int?) throws(Rejection) {
        if value.isASCIIText {
            values.append(value.start, value.count)
            digested.append(value.start, value.count)
        } else {
            try appendUnusualText(value, slot)
        }
    }

    private mutating func appendUnusualText(_ value: RawValue, _ slot: Int?) throws(Rejection) {
        try refuseNull(value, slot)
        if TextFolding.isSimple(value.start, value.count) {
            values.append(value.start, value.count)
            digested.append(value.start, value.count)
        } else {
            let text = TextFolding.normalForm(value.text)
            values.append(utf8: text)
            digested.append(utf8: text)
        }
    }

    private func refuseNull(_ value: RawValue, _ slot: Int?) throws(Rejection) {
        if value.contains(0) {
            throw Rejection(code: "control", slot: slot, message: "The value holds a NUL (U+0000).")
        }
    }

    // MARK: - Stand-ins

    /// What takes the place of a value that is not there: another address, or the login for an address. Returns the
    /// length, or `state`.
    @inline(__always)
    private mutating func appendStandIn(
        _ rule: Int, _ record: RecordBuffer, state: Int32, isGuest: Bool
    ) throws(Rejection) -> Int32 {
        guard rule == CompiledMapping.userNameRule || rule == emailRule else { return state }
        return try appendNeeded(rule, record, state: state, isGuest: isGuest)
    }

    private mutating func appendNeeded(
        _ rule: Int, _ record: RecordBuffer, state: Int32, isGuest: Bool
    ) throws(Rejection) -> Int32 {
        if rule == CompiledMapping.userNameRule {
            throw Rejection(
                code: "no-username", slot: rules[rule].sources.first?.slots[0], message: "The record has no login name."
            )
        }
        let start = values.count
        if isGuest, let guests {
            let (value, slot) = picked(guests.addresses, record, kind: .email)
            if !value.isBlank {
                try appendEmail(value, slot)
                return Int32(values.count - start)
            }
        } else if try appendLogin() {
            return Int32(values.count - start)
        }
        throw Rejection(
            code: "no-email", slot: rules[rule].sources.first?.slots[0],
            message: isGuest
                ? "The guest has no e-mail address, and a guest's login is none."
                : "The record has no e-mail address, and its login is none.")
    }

    /// The login as the address, if it is one.
    private mutating func appendLogin() throws(Rejection) -> Bool {
        let length = Int(lengths[CompiledMapping.userNameRule])
        values.reserve(length)
        let login = RawValue(start: values.base, count: length, isMissing: false)
        if let marker = guests?.marker, login.contains(0x23),
            TextFolding.key(login.text).utf8.firstRange(of: marker) != nil
        {
            return false
        }
        guard
            EmailCell.isPlainAddress(login)
                || (try? EmailCell.address(in: login.text, slot: nil, isSpreadsheet: isSpreadsheet)) != nil
        else { return false }
        try appendEmail(login, rules[CompiledMapping.userNameRule].sources.first?.slots[0])
        return true
    }

    // MARK: - Digest

    mutating func digestActivity(_ activity: Activity) {
        switch activity {
        case .active: digested.append(1)
        case .inactive: digested.append(2)
        case .deleted: digested.append(3)
        case .unstated: digested.append(4)
        case .undecided(let word, let mayCreate):
            digested.append(mayCreate ? 6 : 5)
            digested.append(utf8: word)
            digested.append(0)
        }
    }

    mutating func digestGroups(_ entries: [RawValue], areStated: Bool) {
        digested.append(length: areStated ? Int32(entries.count) : Self.missing)
        for entry in entries {
            digested.append(length: Int32(entry.count))
            digested.append(entry.start, entry.count)
        }
    }

    func digest() -> Digest128 { Digest128(digested.bytes) }

    func withUserNameKey(_ body: (UnsafeRawBufferPointer) -> Void) {
        body(UnsafeRawBufferPointer(rebasing: digested.bytes[Self.userNameKeyStart..<userNameKeyEnd]))
    }

    func copied() -> RecordValues {
        RecordValues(lengths: UnsafeBufferPointer(lengths), bytes: values.bytes)
    }
}
