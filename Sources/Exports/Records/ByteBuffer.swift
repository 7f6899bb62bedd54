/// Bytes that grow at the end and are thrown away together: one for the values of a record, one for what is digested,
/// used again for each record. Owned by one ``RecordMapper``; unchecked, and so private to this room.
struct ByteBuffer: ~Copyable {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 4096) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    mutating func removeAll() { count = 0 }

    /// `end` must not be above ``count``.
    mutating func truncate(to end: Int) { count = end }

    @inline(__always)
    mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.update(from: base, count: count)
        base.deallocate()
        base = moved
        capacity = larger
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ source: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        (base + count).update(from: source, count: length)
        count += length
    }

    /// Little-endian.
    @inline(__always)
    mutating func append(length number: Int32) {
        reserve(4)
        UnsafeMutableRawPointer(base + count).storeBytes(of: number.littleEndian, as: Int32.self)
        count += 4
    }

    /// Overwrites four bytes that are there.
    @inline(__always)
    mutating func set(_ number: Int32, at index: Int) {
        UnsafeMutableRawPointer(base + index).storeBytes(of: number.littleEndian, as: Int32.self)
    }

    mutating func append(_ other: UnsafeRawBufferPointer) {
        guard let start = other.baseAddress else { return }
        append(start.assumingMemoryBound(to: UInt8.self), other.count)
    }

    /// ASCII only: with `A` to `Z` in lower case.
    @inline(__always)
    mutating func appendLowercased(_ source: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        let target = base + count
        for index in 0..<length {
            let byte = source[index]
            target[index] = byte | (byte &- 0x41 < 26 ? 0x20 : 0)
        }
        count += length
    }

    mutating func append(utf8 text: String) {
        var text = text
        text.withUTF8 { if let start = $0.baseAddress { append(start, $0.count) } }
    }
}

extension UnsafeMutableRawPointer {
    /// The buffer has no alignment to rely on.
    @inline(__always)
    fileprivate func storeBytes(of value: Int32, as type: Int32.Type) {
        withUnsafeBytes(of: value) { copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: 4) }
    }
}
