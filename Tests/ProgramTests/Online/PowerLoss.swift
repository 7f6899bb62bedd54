import Foundation
import TestSupport

/// What `Tests/WriteLog` noted of a program: everything that it wrote to its database, made durable and answered, in
/// order. Replayed up to a moment, it shows what a disk may hold when the power fails then.
struct PowerLoss {
    private enum Event {
        case write(file: String, place: Int, bytes: [UInt8])
        case length(file: String, Int)
        /// Everything written to the file so far is on the disk.
        case sync(file: String)
        case gone(file: String)
        /// Bytes on their way to a client.
        case answer([UInt8])
    }

    private let events: [Event]
    /// The database before the program began.
    private let before: [String: [UInt8]]

    init(notes: URL, before: [String: [UInt8]]) throws {
        self.before = before
        var events: [Event] = []
        var rest = [UInt8](try Data(contentsOf: notes))[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let words = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ", maxSplits: 3)
            guard words.count == 4, let place = Int(words[1]), let length = Int(words[2]) else { break }
            rest = rest[(end + 1)...]
            // The last note may be cut off by the program's end.
            guard rest.count >= length else { break }
            let bytes = Array(rest.prefix(length))
            rest = rest.dropFirst(length)
            let file = URL(filePath: String(words[3])).lastPathComponent
            switch words[0] {
            case "W": events.append(.write(file: file, place: place, bytes: bytes))
            case "T": events.append(.length(file: file, place))
            case "S": events.append(.sync(file: file))
            case "U": events.append(.gone(file: file))
            default: events.append(.answer(bytes))
            }
        }
        self.events = events
    }

    /// Writes to `file`, syncs of it.
    func count(_ file: String) -> (writes: Int, syncs: Int) {
        events.reduce(into: (0, 0)) { count, event in
            switch event {
            case .write(file, _, _): count.0 += 1
            case .sync(file): count.1 += 1
            default: break
            }
        }
    }

    /// Right after each answer that says 201 or 200 to a write, and some moments between; before the files are closed.
    func moments(_ count: Int, _ random: inout SeededRandom) -> [Int] {
        let end = events.firstIndex { if case .gone = $0 { true } else { false } } ?? events.count
        let answers = events.indices.prefix(end).filter { if case .answer = events[$0] { true } else { false } }
        return (0..<count).map { _ in
            Bool.random(using: &random)
                ? (answers.randomElement(using: &random) ?? 0) + 1 : Int.random(in: 0...end, using: &random)
        }
    }

    /// What clients were told by then.
    func answers(at moment: Int) -> [String] {
        events.prefix(moment).compactMap { event in
            if case .answer(let bytes) = event { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
    }

    /// The files as they may be when the power fails at `moment`: what was synced is there; of the rest each sector may
    /// be there or not, in any combination that `random` says.
    func files(at moment: Int, _ random: inout SeededRandom) -> [String: [UInt8]] {
        var files = before
        var pending: [String: [Event]] = [:]
        for event in events.prefix(moment) {
            switch event {
            case .write(let file, _, _), .length(let file, _): pending[file, default: []].append(event)
            case .sync(let file):
                for event in pending.removeValue(forKey: file) ?? [] {
                    Self.apply(event, to: &files[file, default: []])
                }
            case .gone, .answer: break
            }
        }
        for (file, events) in pending.sorted(by: { $0.key < $1.key }) {
            // Nothing, everything, or any part of it.
            let share = [0, 100, Int.random(in: 1..<100, using: &random)].randomElement(using: &random) ?? 0
            for event in events {
                for part in Self.sectors(event) where Int.random(in: 0..<100, using: &random) < share {
                    Self.apply(part, to: &files[file, default: []])
                }
            }
        }
        return files
    }

    private static func apply(_ event: Event, to file: inout [UInt8]) {
        switch event {
        case .write(_, let place, let bytes):
            if file.count < place + bytes.count {
                file += [UInt8](repeating: 0, count: place + bytes.count - file.count)
            }
            file.replaceSubrange(place..<(place + bytes.count), with: bytes)
        case .length(_, let length):
            file = Array(file.prefix(length)) + [UInt8](repeating: 0, count: max(0, length - file.count))
        case .sync, .gone, .answer: break
        }
    }

    /// A write is not one thing to a disk.
    private static func sectors(_ event: Event) -> [Event] {
        guard case .write(let file, let place, let bytes) = event else { return [event] }
        return stride(from: 0, to: bytes.count, by: 512).map { start in
            .write(file: file, place: place + start, bytes: Array(bytes[start..<min(start + 512, bytes.count)]))
        }
    }
}
