import Synchronization

/// How often each of many has asked, against one limit: a bucket that holds `burst` and fills by `perSecond`.
///
/// Remembers at most ``keyLimit`` of them: beyond that, those whose bucket is full again are forgotten, and should none
/// be, the newcomer is let pass.
final class RequestRates<Key: Hashable & Sendable>: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: ContinuousClock.Instant
    }

    private let perSecond: Double
    private let burst: Double
    private let buckets = Mutex<[Key: Bucket]>([:])
    private let keyLimit: Int

    init(perSecond: Double, burst: Double, keyLimit: Int = 10_000) {
        self.perSecond = perSecond
        self.burst = burst
        self.keyLimit = keyLimit
    }

    /// `nil`: it may. Else in how many whole seconds it may again, one at least.
    func take(_ key: Key, at now: ContinuousClock.Instant) -> Int? {
        buckets.withLock { buckets in
            guard var bucket = buckets[key] ?? fresh(&buckets, now) else { return nil }
            bucket.tokens = filled(bucket, now)
            bucket.at = now
            defer { buckets[key] = bucket }
            guard bucket.tokens < 1 else {
                bucket.tokens -= 1
                return nil
            }
            return max(1, Int(((1 - bucket.tokens) / perSecond).rounded(.up)))
        }
    }

    private func fresh(_ buckets: inout [Key: Bucket], _ now: ContinuousClock.Instant) -> Bucket? {
        if buckets.count >= keyLimit { buckets = buckets.filter { filled($0.value, now) < burst } }
        return buckets.count < keyLimit ? Bucket(tokens: burst, at: now) : nil
    }

    private func filled(_ bucket: Bucket, _ now: ContinuousClock.Instant) -> Double {
        min(burst, bucket.tokens + perSecond * (bucket.at.duration(to: now) / .seconds(1)))
    }
}
