import Foundation
import SCIM

/// Maps one record after the other into buffers that it uses again: bytes only, and for plain ASCII no `String` and no
/// allocation. One for each reading of an export; not to be shared.
final class RecordMapper {
    enum Outcome {
        case record
        case outOfScope
        case rejected(Rejection)
    }

    let mapping: CompiledMapping
    let buffer: RecordBuffer
    /// The file's own spelling of each slot's column; set for each file.
    var columnNames: [String]
    /// Of the record mapped last; known too when that was out of scope, `nil` when its status is not known.
    private(set) var activity: Activity? = .unstated
    /// ``activity`` without its word; one that is not known states nothing.
    var activityKind: Activity.Kind { activity?.kind ?? .unstated }
    private(set) var anchorDigest = Digest128(high: 0, low: 0)
    private(set) var fingerprint = Digest128(high: 0, low: 0)
    /// How many records had names whose letters outside ASCII were lost.
    private(set) var recordsWithLostLetters = 0
    var metAmbiguousDate: Bool { activities.metAmbiguousDate }

    private var activities: ActivityReader
    private var values: ValueNormaliser
    /// The mark of ``AnchorDigest``, then the anchor.
    private var anchor = ByteBuffer(capacity: 256)
    private var groupEntries: [RawValue] = []
    private var groupsAreStated = false
    private let hasConditions: Bool

    init(_ mapping: CompiledMapping, asOf: Timestamp, zone: TimeZone) {
        self.mapping = mapping
        buffer = RecordBuffer(slots: mapping.columns.count)
        columnNames = mapping.columns.map(\.key)
        activities = ActivityReader(mapping, asOf: asOf, zone: zone)
        values = ValueNormaliser(mapping)
        hasConditions = !mapping.include.isEmpty || !mapping.exclude.isEmpty
    }

    /// Maps what ``buffer`` holds.
    func map() -> Outcome {
        var fault: Rejection?
        do {
            activity = try activities.activity(of: buffer)
        } catch {
            activity = nil
            fault = error
        }
        let isGuest = mapping.guests.map { isGuestRecord($0) } ?? false
        if isGuest, mapping.guests?.areIncluded == false { return .outOfScope }
        if hasConditions, !isInScope { return .outOfScope }
        if let fault { return .rejected(fault) }
        do {
            try mapAnchor()
            try values.map(buffer, isGuest: isGuest)
        } catch {
            return .rejected(error)
        }
        if values.namesWereLost { recordsWithLostLetters += 1 }
        finish()
        return .record
    }

    private func finish() {
        if mapping.anchor.isEmpty {
            anchor.removeAll()
            anchor.append(AnchorDigest.userNameMark)
            values.withUserNameKey { anchor.append($0) }
        }
        anchorDigest = Digest128(anchor.bytes)
        values.digestActivity(activity ?? .unstated)
        if let groups = mapping.groups {
            collectGroups(groups)
            values.digestGroups(groupEntries, areStated: groupsAreStated)
        }
        fingerprint = values.digest()
    }

    // MARK: - Anchor

    private func mapAnchor() throws(Rejection) {
        if mapping.anchor.isEmpty { return }
        anchor.removeAll()
        anchor.append(AnchorDigest.anchorMark)
        for source in mapping.anchor {
            let value = values.picked(source, buffer, kind: .identifier)
            if value.isBlank { continue }
            if mapping.isSpreadsheet, SpreadsheetDamage.isLost(value) {
                throw Rejection(
                    code: "excel-damage", slot: source.slots.first,
                    message: "A spreadsheet turned the id into \(quoted(value.text.prefix(40))): export it anew.")
            }
            if value.count > 1024 {
                throw Rejection(
                    code: "too-long", slot: source.slots.first,
                    message: "The id has \(value.count) bytes; 1024 are the most.")
            }
            anchor.append(value.start, value.count)
            return
        }
        throw Rejection(
            code: "no-anchor", slot: mapping.anchor.first?.slots.first,
            message: "The record has no id: nothing says for certain who it is about.")
    }

    // MARK: - Scope

    private func isGuestRecord(_ rule: CompiledGuests) -> Bool {
        if let slot = rule.slot {
            let value = buffer.raw(slot).trimmed()
            if !value.isBlank { return matches(value, rule.value) }
        }
        guard let marker = rule.marker, let slot = rule.loginSlot else { return false }
        let login = buffer.raw(slot)
        // No login without `#` is a guest's: most are passed over here.
        return login.contains(0x23) && TextFolding.key(login.text).utf8.firstRange(of: marker) != nil
    }

    private func matches(_ value: RawValue, _ folded: [UInt8]) -> Bool {
        value.count == folded.count && Array(TextFolding.key(value.text).utf8) == folded
    }

    private var isInScope: Bool {
        mapping.include.allSatisfy { holds($0) } && !mapping.exclude.contains { holds($0) }
    }

    enum ScopeFault {
        /// By index of the mapping's conditions.
        case notIncluded(Int)
        case excluded(Int)
    }

    /// Which condition of the scope leaves out what ``buffer`` holds.
    var scopeFault: ScopeFault? {
        if let index = mapping.include.firstIndex(where: { !holds($0) }) { return .notIncluded(index) }
        return mapping.exclude.firstIndex { holds($0) }.map { .excluded($0) }
    }

    private func holds(_ condition: CompiledCondition) -> Bool {
        for source in condition.alternatives {
            let value = values.picked(source, buffer, kind: .text)
            if value.isBlank { continue }
            return condition.values.contains(Array(TextFolding.key(value.text).utf8))
        }
        return condition.values.contains([])
    }

    // MARK: - Groups

    private func collectGroups(_ groups: CompiledGroups) {
        groupEntries.removeAll(keepingCapacity: true)
        groupsAreStated = false
        for slot in groups.slots {
            let field = buffer.fields[slot]
            if field.state == .missing { continue }
            let entries = buffer.listEntries.filter { $0.slot == slot }
            if entries.isEmpty {
                let value = buffer.raw(slot).trimmed()
                if value.isBlank { continue }
                groupEntries.append(value)
            } else {
                for (_, field) in entries where field.state == .value {
                    if let pointer = field.pointer {
                        groupEntries.append(RawValue(start: pointer, count: field.count, isMissing: false).trimmed())
                    }
                }
            }
            groupsAreStated = true
            return
        }
        groupsAreStated =
            groups.blankMeansNone
            && (groups.missingMeansNone || groups.slots.contains { buffer.fields[$0].state != .missing })
    }

    /// Names of the groups that the record lists; `nil` when it says nothing about groups.
    private var groupNames: [String]? {
        guard let groups = mapping.groups, groupsAreStated else { return nil }
        return GroupList.names(of: groupEntries.map(\.text), groups.separator)
    }

    // MARK: - Copies

    /// The record mapped last, copied out.
    func materialised(file: Int) -> IdentityRecord {
        let id = mapping.anchor.isEmpty ? nil : String(decoding: anchor.bytes.dropFirst(), as: UTF8.self)
        return IdentityRecord(
            file: file, line: buffer.place, anchor: id, anchorDigest: anchorDigest, fingerprint: fingerprint,
            activity: activity ?? .unstated, values: values.copied(), groups: groupNames)
    }

    /// What can be read of a record that is not used, as written.
    func rejected(_ rejection: Rejection, file: Int, original: [RejectedRecord.OriginalCell]) -> RejectedRecord {
        RejectedRecord(
            file: file, line: buffer.place, column: rejection.slot.map { columnNames[$0] }, code: rejection.code,
            message: rejection.message, anchor: firstText(mapping.anchor),
            userName: firstText(mapping.values[CompiledMapping.userNameRule].sources),
            email: mapping.emailRule.flatMap { firstText(mapping.values[$0].sources) }, original: original)
    }

    private func firstText(_ sources: [CompiledSource]) -> String? {
        for source in sources {
            let value = values.picked(source, buffer, kind: .identifier)
            if !value.isBlank { return value.text }
        }
        return nil
    }
}
