import Synchronization

/// Makes ids: UUIDs of version 7 (RFC 9562 §5.7), 36 lower-case characters, each greater than the one before it.
///
/// The first 48 bits are the clock's milliseconds. The 42 bits behind version and variant count up from a random start
/// within one millisecond, so that creation and id order agree; the last 32 are random. A clock that goes back is
/// waited for: the last millisecond goes on.
final class ResourceIDGenerator: Sendable {
    private struct State {
        var milliseconds: UInt64 = 0
        var counter: UInt64 = 0
    }

    private static let counterBits: UInt64 = 42
    private let state = Mutex(State())

    func next(at now: Timestamp) -> ResourceID {
        var generator = SystemRandomNumberGenerator()
        let random = generator.next()
        let clock = UInt64(clamping: now.rawValue) & 0xFFFF_FFFF_FFFF
        let (milliseconds, counter) = state.withLock { state in
            if clock > state.milliseconds {
                state.milliseconds = clock
                // Half of the counter's range is left to count in.
                state.counter = random >> (65 - Self.counterBits)
            } else {
                state.counter += 1
                if state.counter >> Self.counterBits != 0 {
                    state.counter = 0
                    state.milliseconds += 1
                }
            }
            return (state.milliseconds, state.counter)
        }
        let high = milliseconds << 16 | 0x7000 | counter >> 30
        let low = 1 << 63 | (counter & 0x3FFF_FFFF) << 32 | random & 0xFFFF_FFFF
        return ResourceID(rawValue: uuidText(high: high, low: low))
    }
}
