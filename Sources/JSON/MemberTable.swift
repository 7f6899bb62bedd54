import CScan

/// The member names met so far, by the place in the element where they were met, so that a name is hashed, looked up
/// and checked once and then only compared: objects of one export have the same names in nearly the same order.
///
/// It holds a fixed number of names, since hostile input chooses them; the walk reads objects with others the slow way.
struct MemberTable {
    /// One name in one context, in one line of the processor's cache.
    struct Entry {
        /// The first 16 bytes of the key (the name as written, with the closing quote, so that one comparison also
        /// finds the name's end), and which bits of them count. Where there is no entry, nothing can be equal.
        var head: (UInt64, UInt64)
        var mask: (UInt64, UInt64)
        /// The whole key.
        var key: UnsafeMutablePointer<UInt8>
        /// The object in which it was last seen: twice in one is a duplicate.
        var stamp: UInt64
        var keyCount: Int32
        /// The entry of the same name in the spelling that came first; itself, nearly always.
        var canonical: Int32
        /// What followed it the last time, or ``none``.
        var next: Int32
        /// Node of the plan, or −1.
        var plan: Int32

        /// Whether `key` begins with this one. At least 16 bytes must be there, and ``keyCount``.
        @inline(__always)
        func begins(_ bytes: UnsafePointer<UInt8>) -> Bool {
            let found = UnsafeRawPointer(bytes)
            let first = found.loadUnaligned(as: UInt64.self) & mask.0 ^ head.0
            let second = found.loadUnaligned(fromByteOffset: 8, as: UInt64.self) & mask.1 ^ head.1
            guard first | second == 0 else { return false }
            return keyCount <= 16 || popl_equal(bytes + 16, key + 16, Int(keyCount) - 16) != 0
        }
    }

    /// What looking a name up needs besides.
    private struct Link {
        /// Next entry of the same hash bucket.
        var chain: Int32
        var context: Int32
    }

    static let capacity = 4096
    static let longestKey = 256
    /// The index of the entry that no key is equal to.
    static let none = Int32(capacity)
    private static let buckets = 8192

    let entries: UnsafeMutablePointer<Entry>
    /// By context: what came first the last time.
    let first: UnsafeMutablePointer<Int32>
    private let heads: UnsafeMutablePointer<Int32>
    private let links: UnsafeMutablePointer<Link>
    /// Stands where an entry has no key.
    private let nothing: UnsafeMutablePointer<UInt8>
    private let seed: UInt64
    private(set) var count = 0
    /// Whether some name is written with escapes: only then can two keys be one name.
    private var hasEscapes = false

    init() {
        entries = .allocate(capacity: Self.capacity + 1)
        links = .allocate(capacity: Self.capacity)
        nothing = .allocate(capacity: 1)
        nothing.initialize(to: 0)
        (entries + Self.capacity).initialize(
            to: Entry(
                head: (1, 0), mask: (0, 0), key: nothing, stamp: 0, keyCount: 0, canonical: Self.none,
                next: Self.none, plan: -1))
        first = .allocate(capacity: 2 * Self.capacity + 1)
        first.initialize(repeating: Self.none, count: 2 * Self.capacity + 1)
        heads = .allocate(capacity: Self.buckets)
        heads.initialize(repeating: -1, count: Self.buckets)
        seed = UInt64.random(in: .min ... .max) | 1
    }

    func deallocate() {
        for index in 0..<count { entries[index].key.deallocate() }
        entries.deallocate()
        links.deallocate()
        nothing.deallocate()
        first.deallocate()
        heads.deallocate()
    }

    /// The context of objects that are the value of a member.
    @inline(__always) static func context(inObject entry: Int32) -> Int32 { 2 &* entry &+ 1 }
    /// The context of objects that are elements of a member's array.
    @inline(__always) static func context(inArray entry: Int32) -> Int32 { 2 &* entry &+ 2 }

    /// The entry of the key (as written, with its closing quote), or −1.
    @inline(__always)
    func find(_ key: UnsafePointer<UInt8>, _ keyCount: Int, context: Int32) -> Int32 {
        var index = heads[bucket(key, keyCount, context)]
        while index >= 0 {
            let entry = entries + Int(index)
            if links[Int(index)].context == context, Int(entry.pointee.keyCount) == keyCount,
                popl_equal(entry.pointee.key, key, keyCount) != 0
            {
                return index
            }
            index = links[Int(index)].chain
        }
        return -1
    }

    func canAdd(_ keyCount: Int) -> Bool { count < Self.capacity && keyCount <= Self.longestKey }

    /// Makes the entry of a key that has none and that ``canAdd(_:)``.
    mutating func add(
        _ key: UnsafePointer<UInt8>, _ keyCount: Int, context: Int32, escaped: Bool, name: String, plan: Int32
    ) -> Int32 {
        hasEscapes = hasEscapes || escaped
        let index = Int32(count)
        let canonical = hasEscapes ? find(canonical: name, context: context) ?? index : index
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: keyCount)
        copy.update(from: key, count: keyCount)
        let bucket = bucket(key, keyCount, context)
        var head: (UInt64, UInt64) = (0, 0)
        var mask: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &head) {
            $0.copyBytes(from: UnsafeBufferPointer(start: key, count: min(keyCount, 16)))
        }
        withUnsafeMutableBytes(of: &mask) { $0.copyBytes(from: repeatElement(0xFF, count: min(keyCount, 16))) }
        (entries + count).initialize(
            to: Entry(
                head: head, mask: mask, key: copy, stamp: 0, keyCount: Int32(keyCount), canonical: canonical,
                next: Self.none, plan: plan))
        (links + count).initialize(to: Link(chain: heads[bucket], context: context))
        heads[bucket] = index
        count += 1
        return index
    }

    /// The entry of the same name in the spelling that came first.
    private func find(canonical name: String, context: Int32) -> Int32? {
        (0..<count).first {
            links[$0].context == context && entries[$0].canonical == Int32($0)
                && MemberName(self.name($0)) == MemberName(name)
        }.map { Int32($0) }
    }

    /// The name of an entry without its escapes.
    func name(_ index: Int) -> String {
        let entry = entries[index]
        return JSONScan.text(entry.key, entry.key + Int(entry.keyCount) - 1, escaped: true)
    }

    /// The names in a context that an object had so far.
    func names(_ stamp: UInt64, _ context: Int32) -> Set<MemberName> {
        var names: Set<MemberName> = []
        for index in 0..<count where links[index].context == context && entries[index].stamp == stamp {
            names.insert(MemberName(name(index)))
        }
        return names
    }

    @inline(__always)
    private func bucket(_ key: UnsafePointer<UInt8>, _ count: Int, _ context: Int32) -> Int {
        var hash = seed ^ UInt64(UInt32(bitPattern: context)) &* 0x9E37_79B9_7F4A_7C15
        var p = UnsafeRawPointer(key)
        var left = count
        while left >= 8 {
            hash = (hash ^ p.loadUnaligned(as: UInt64.self)) &* 0xFF51_AFD7_ED55_8CCD
            hash ^= hash >> 32
            p += 8
            left &-= 8
        }
        while left > 0 {
            hash = (hash ^ UInt64(p.load(as: UInt8.self))) &* 0x0000_0100_0000_01B3
            p += 1
            left &-= 1
        }
        hash ^= hash >> 29
        hash = hash &* 0xFF51_AFD7_ED55_8CCD
        return Int(truncatingIfNeeded: hash >> 51)
    }
}
