import NIOCore
import NIOPosix

/// Whether something takes a TCP connection there.
enum Reachability {
    /// The first of `addresses` that does, and why those before it do not.
    static func connect(
        _ addresses: [String], port: Int, seconds: Int
    ) async -> (reached: String?, refusals: [(address: String, reason: String)]) {
        var refusals: [(address: String, reason: String)] = []
        let end = ContinuousClock.now + .seconds(seconds)
        for address in addresses {
            let left = Int64((end - .now) / .milliseconds(1))
            guard left > 0, !Task.isCancelled else { break }
            do {
                // One that does not answer must not take the others' time as well.
                let limit = address == addresses.last ? left : max(1, left / 2)
                let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connectTimeout(.milliseconds(limit))
                let channel = try await bootstrap.connect(to: SocketAddress(ipAddress: address, port: port)).get()
                try? await channel.close()
                return (address, refusals)
            } catch let error as IOError {
                refusals.append((address, error.words))
            } catch ChannelError.connectTimeout {
                refusals.append((address, "it does not answer"))
            } catch {
                refusals.append((address, "it cannot be connected to"))
            }
        }
        return (nil, refusals)
    }
}
