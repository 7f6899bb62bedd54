import CScan

/// Takes the wanted values out of one element (a whole object) after the other, and checks all of the element on the
/// way as strictly as ``JSON/parse(_:limits:)`` does: grammar, UTF-8, surrogates, depth, equal names in any object.
///
/// One extractor serves one thread; elements are independent, so several extractors may share the elements of a file.
package final class JSONExtractor {
    package let paths: [JSONMemberPath]
    /// By index of `paths`. Pointers lead into the element or into memory of the extractor, and are good until the next
    /// call of ``extract(_:isUTF8:depth:)``.
    package let slots: UnsafeMutablePointer<JSONSlot>
    /// Entries of all list slots, each list's in the order of the array. An element of the array that lacks what the
    /// path asks for has an entry all the same, whose state says so.
    @exclusivity(unchecked) package private(set) var listEntries: [JSONListEntry] = []

    private let plan: ExtractionPlan
    private let flat: FlatPlan
    private let limits: JSONLimits
    @exclusivity(unchecked) private var table = MemberTable()
    private let entries: UnsafeMutablePointer<MemberTable.Entry>
    private let firsts: UnsafeMutablePointer<Int32>
    /// For each selector of the array that is being read, whether the present element is the one.
    private let matched: UnsafeMutablePointer<Bool>
    @exclusivity(unchecked) private var scratch: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var scratchCapacity = 4096
    // Nothing here is read while it is written: asking that at run time would cost more than the walk.
    @exclusivity(unchecked) private var scratchUsed = 0
    @exclusivity(unchecked) private var isClean = true
    @exclusivity(unchecked) private var objects: UInt64 = 0

    package init(_ paths: [JSONMemberPath], limits: JSONLimits = .default) {
        self.paths = paths
        self.limits = limits
        plan = ExtractionPlan(paths)
        flat = FlatPlan(plan)
        slots = .allocate(capacity: max(2 * paths.count, 1))
        slots.initialize(repeating: JSONSlot(), count: max(2 * paths.count, 1))
        matched = .allocate(capacity: max(flat.selectorLimit, 1))
        matched.initialize(repeating: false, count: max(flat.selectorLimit, 1))
        scratch = .allocate(capacity: scratchCapacity)
        entries = table.entries
        firsts = table.first
    }

    deinit {
        flat.deallocate()
        table.deallocate()
        slots.deallocate()
        matched.deallocate()
        scratch.deallocate()
    }

    /// Fills the slots from `element`, which must be one object and nothing more, blanks around it aside.
    ///
    /// - Parameters:
    ///   - isUTF8: the bytes were checked already.
    ///   - depth: how deep the element stands in its text; counts towards the limit.
    /// - Throws: with the place within the element.
    package func extract(
        _ element: UnsafeRawBufferPointer, isUTF8: Bool = false, depth: Int = 0
    ) throws(JSONError) {
        // An element that failed leaves places filled that a good one leaves empty.
        for index in 0..<(isClean ? paths.count : 2 * paths.count) { slots[index] = JSONSlot() }
        isClean = false
        if !listEntries.isEmpty { listEntries.removeAll(keepingCapacity: true) }
        guard let base = element.baseAddress?.assumingMemoryBound(to: UInt8.self), !element.isEmpty else {
            throw JSONError(code: .truncated, byteOffset: 0, line: 1, message: "the element is empty")
        }
        let end = base + element.count
        if scratchCapacity < element.count {
            scratch.deallocate()
            scratchCapacity = element.count
            scratch = .allocate(capacity: scratchCapacity)
        }
        scratchUsed = 0
        do throws(JSONFailure) {
            if !isUTF8 { try JSON.requireUTF8(base, element.count) }
            let start = JSONScan.blank(base, end)
            guard start < end else { throw .cut(start) }
            guard start.pointee == UInt8(ascii: "{") else {
                throw JSONFailure(.syntax, at: start, "an object is expected here")
            }
            guard depth < limits.depth else { throw .tooDeep(start) }
            let stop = JSONScan.blank(try object(start, end, context: 0, plan: 0, depth: depth + 1), end)
            guard stop == end else { throw JSONFailure(.syntax, at: stop, "text follows after the object") }
            isClean = true
        } catch {
            throw error.error(in: base)
        }
    }

    /// The entries of one list slot.
    package func list(_ slot: Int) -> [JSONSlot] {
        listEntries.filter { $0.slot == Int32(slot) }.map(\.value)
    }
}

// The walk. `context` is where in the element the walk stands (``MemberTable``), −1 where names are no longer kept;
// `plan` is a node of the plan or −1.
extension JSONExtractor {
    private typealias Pointer = UnsafePointer<UInt8>

    /// From a `{` to after its `}`.
    private func object(
        _ start: Pointer, _ end: Pointer, context: Int32, plan: Int32, depth: Int
    ) throws(JSONFailure) -> Pointer {
        var p = JSONScan.blank(start + 1, end)
        guard p < end else { throw .cut(p) }
        if p.pointee == UInt8(ascii: "}") { return p + 1 }
        guard context >= 0 else { return try unkeptObject(p, end, seen: [], plan: plan, depth: depth) }
        objects &+= 1
        let stamp = objects
        var previous = MemberTable.none
        var index = firsts[Int(context)]
        while true {
            guard p < end else { throw .cut(p) }
            guard p.pointee == UInt8(ascii: "\"") else { throw .nameExpected(p) }
            let key = p + 1
            var entry = entries + Int(index)
            if end - key < max(16, Int(entry.pointee.keyCount)) || !entry.pointee.begins(key) {
                index = try member(key, end, context: context, plan: plan)
                guard index >= 0 else {
                    return try unkeptObject(p, end, seen: table.names(stamp, context), plan: plan, depth: depth)
                }
                if previous == MemberTable.none {
                    firsts[Int(context)] = index
                } else {
                    entries[Int(previous)].next = index
                }
                entry = entries + Int(index)
            }
            let canonical = entries + Int(entry.pointee.canonical)
            guard canonical.pointee.stamp != stamp || limits.allowsDuplicateMembers else { throw .duplicate(p) }
            canonical.pointee.stamp = stamp
            p = JSONScan.blank(key + Int(entry.pointee.keyCount), end)
            guard p < end else { throw .cut(p) }
            guard p.pointee == UInt8(ascii: ":") else { throw .colonExpected(p) }
            p = JSONScan.blank(p + 1, end)
            if p < end, p.pointee == UInt8(ascii: "\"") {
                let (close, escaped) = try JSONScan.string(p + 1, end, limits)
                if entry.pointee.plan >= 0 { store(text: p + 1, close, escaped: escaped, entry.pointee.plan) }
                p = close + 1
            } else {
                p = try value(p, end, entry: index, inArray: false, plan: entry.pointee.plan, depth: depth)
            }
            p = JSONScan.blank(p, end)
            guard p < end else { throw .cut(p) }
            if p.pointee == UInt8(ascii: "}") { return p + 1 }
            guard p.pointee == UInt8(ascii: ",") else { throw .memberEndExpected(p) }
            p = JSONScan.blank(p + 1, end)
            previous = index
            index = entry.pointee.next
        }
    }

    /// The entry of a member that was not the expected one, or −1 when it cannot be kept.
    @inline(never)
    private func member(_ key: Pointer, _ end: Pointer, context: Int32, plan: Int32) throws(JSONFailure) -> Int32 {
        let (close, escaped) = try JSONScan.string(key, end, limits)
        let count = close - key + 1
        let found = table.find(key, count, context: context)
        if found >= 0 { return found }
        guard table.canAdd(count) else { return -1 }
        let name = JSONScan.text(key, close, escaped: escaped)
        return table.add(
            key, count, context: context, escaped: escaped, name: name, plan: child(of: plan, named: name))
    }

    private func child(of plan: Int32, named name: String) -> Int32 {
        plan < 0 ? -1 : self.plan.nodes[Int(plan)].children[MemberName(name)] ?? -1
    }

    /// The rest of an object whose names are not kept: there are too many of them, or they are too long.
    @inline(never)
    private func unkeptObject(
        _ start: Pointer, _ end: Pointer, seen: Set<MemberName>, plan: Int32, depth: Int
    ) throws(JSONFailure) -> Pointer {
        var seen = seen
        var p = start
        while true {
            guard p < end else { throw .cut(p) }
            guard p.pointee == UInt8(ascii: "\"") else { throw .nameExpected(p) }
            let (close, escaped) = try JSONScan.string(p + 1, end, limits)
            let name = JSONScan.text(p + 1, close, escaped: escaped)
            guard seen.insert(MemberName(name)).inserted || limits.allowsDuplicateMembers else { throw .duplicate(p) }
            p = JSONScan.blank(close + 1, end)
            guard p < end else { throw .cut(p) }
            guard p.pointee == UInt8(ascii: ":") else { throw .colonExpected(p) }
            p = JSONScan.blank(p + 1, end)
            p = try value(p, end, entry: -1, inArray: false, plan: child(of: plan, named: name), depth: depth)
            p = JSONScan.blank(p, end)
            guard p < end else { throw .cut(p) }
            if p.pointee == UInt8(ascii: "}") { return p + 1 }
            guard p.pointee == UInt8(ascii: ",") else { throw .memberEndExpected(p) }
            p = JSONScan.blank(p + 1, end)
        }
    }

    @inline(__always)
    private func value(
        _ p: Pointer, _ end: Pointer, entry: Int32, inArray: Bool, plan: Int32, depth: Int
    ) throws(JSONFailure) -> Pointer {
        guard p < end else { throw .cut(p) }
        switch p.pointee {
        case UInt8(ascii: "\""):
            let (close, escaped) = try JSONScan.string(p + 1, end, limits)
            if plan >= 0 { store(text: p + 1, close, escaped: escaped, plan) }
            return close + 1
        case UInt8(ascii: "{"):
            guard depth < limits.depth else { throw .tooDeep(p) }
            let context =
                entry < 0 ? -1 : inArray ? MemberTable.context(inArray: entry) : MemberTable.context(inObject: entry)
            let stop = try object(p, end, context: context, plan: plan, depth: depth + 1)
            if plan >= 0 { store(JSONSlot(.structure, p, stop - p), plan) }
            return stop
        case UInt8(ascii: "["):
            guard depth < limits.depth else { throw .tooDeep(p) }
            return try array(p, end, entry: inArray ? -1 : entry, plan: plan, depth: depth + 1)
        case UInt8(ascii: "t"): return try lexeme(.boolean, p, try JSONScan.literal("true", p, end), plan)
        case UInt8(ascii: "f"): return try lexeme(.boolean, p, try JSONScan.literal("false", p, end), plan)
        case UInt8(ascii: "n"):
            let stop = try JSONScan.literal("null", p, end)
            if plan >= 0 { storeNull(plan) }
            return stop
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try lexeme(.number, p, try JSONScan.number(p, end, limits), plan)
        default: throw JSONFailure(.syntax, at: p, "a value is expected here")
        }
    }

    @inline(__always)
    private func lexeme(
        _ kind: JSONSlot.Kind, _ start: Pointer, _ stop: Pointer, _ plan: Int32
    ) throws(JSONFailure) -> Pointer {
        if plan >= 0 { store(JSONSlot(kind, start, stop - start), plan) }
        return stop
    }

    /// From a `[` to after its `]`.
    private func array(
        _ start: Pointer, _ end: Pointer, entry: Int32, plan: Int32, depth: Int
    ) throws(JSONFailure) -> Pointer {
        let wanted: Int32 = plan >= 0 ? flat.nodes[Int(plan)].array : -1
        let element: Int32 = wanted >= 0 ? flat.arrays[Int(wanted)].element : -1
        var p = JSONScan.blank(start + 1, end)
        guard p < end else { throw .cut(p) }
        var count = 0
        if p.pointee == UInt8(ascii: "]") {
            p += 1
        } else {
            while true {
                if wanted >= 0 { beginElement(count, wanted) }
                p = try value(p, end, entry: entry, inArray: true, plan: element, depth: depth)
                if wanted >= 0 { endElement(wanted) }
                count += 1
                p = JSONScan.blank(p, end)
                guard p < end else { throw .cut(p) }
                if p.pointee == UInt8(ascii: "]") {
                    p += 1
                    break
                }
                guard p.pointee == UInt8(ascii: ",") else {
                    throw JSONFailure(.syntax, at: p, "a comma or ] is expected after an element")
                }
                p = JSONScan.blank(p + 1, end)
            }
        }
        if plan >= 0 {
            let whole = JSONSlot(.structure, start, p - start)
            store(whole, plan)
            if wanted >= 0 { endArray(wanted, count: count, whole: whole) }
        }
        return p
    }
}

// What the walk finds, put where the plan wants it.
extension JSONExtractor {
    @inline(__always)
    private func store(text start: Pointer, _ close: Pointer, escaped: Bool, _ plan: Int32) {
        guard escaped else { return store(JSONSlot(.text, start, close - start), plan) }
        let node = flat.nodes[Int(plan)]
        guard node.targets.count > 0 || node.conditions.count > 0 else { return }
        let out = scratch + scratchUsed
        let count = JSONScan.unescape(start, close, into: out)
        scratchUsed += count
        store(JSONSlot(.text, UnsafePointer(out), count), plan)
    }

    @inline(__always)
    private func store(_ value: JSONSlot, _ plan: Int32) {
        let node = flat.nodes[Int(plan)]
        for index in node.targets.indices { slots[Int(flat.numbers[index])] = value }
        if node.conditions.count > 0 { decide(value, node) }
    }

    private func decide(_ value: JSONSlot, _ node: FlatPlan.Node) {
        guard value.kind != .structure, let bytes = value.pointer, let wanted = flat.bytes.baseAddress else { return }
        for index in node.conditions.indices {
            let condition = flat.conditions[index]
            if Int(condition.bytes.count) == value.count,
                popl_equal(bytes, wanted + Int(condition.bytes.start), value.count) != 0
            {
                matched[Int(condition.selector)] = true
            }
        }
    }

    private func storeNull(_ plan: Int32) {
        let node = flat.nodes[Int(plan)]
        for index in node.targets.indices { slots[Int(flat.numbers[index])] = JSONSlot(.null) }
        for index in node.below.indices { slots[Int(flat.numbers[index])] = JSONSlot(.null) }
    }

    private func beginElement(_ position: Int, _ array: Int32) {
        for (number, index) in flat.arrays[Int(array)].selectors.indices.enumerated() {
            let wanted = flat.selectors[index].index
            matched[number] = wanted == -2 || wanted == Int32(truncatingIfNeeded: position)
        }
    }

    private func endElement(_ array: Int32) {
        let count = paths.count
        for (number, index) in flat.arrays[Int(array)].selectors.indices.enumerated() {
            let selector = flat.selectors[index]
            for slot in selector.slots.indices {
                let slot = flat.numbers[slot]
                let found = slots[count + Int(slot)]
                slots[count + Int(slot)] = JSONSlot()
                guard matched[number] else { continue }
                if selector.index == -2 {
                    listEntries.append(JSONListEntry(slot: slot, value: found))
                } else if slots[Int(slot)].state == .missing {
                    slots[Int(slot)] = found
                }
            }
        }
    }

    private func endArray(_ array: Int32, count: Int, whole: JSONSlot) {
        for index in flat.arrays[Int(array)].selectors.indices {
            let selector = flat.selectors[index]
            for slot in selector.slots.indices {
                let slot = Int(flat.numbers[slot])
                if selector.index == -2 {
                    slots[slot] = count == 0 ? JSONSlot(.blank) : whole
                } else if slots[slot].state == .missing {
                    slots[slot] = JSONSlot(.blank)
                }
            }
        }
    }
}
