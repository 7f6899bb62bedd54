import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends connections that take their time: a first request head that does not come, a body that does not end. How long one
/// may be idle between requests is the server's own care.
///
/// A body that is late is an error to its reader, who can still answer; once the answer is out, or says `close`, the
/// connection ends soon after, so that what a client still sends is not read for ever.
final class ConnectionTimes: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct BodyTooSlow: Error {}

    private let head: TimeAmount
    private let body: TimeAmount
    private var deadline: Scheduled<Void>?
    private var isAnswered = false
    private var isLast = false

    /// For the client to read an answer before the connection is reset under it.
    private static let lingering = TimeAmount.seconds(2)

    init(headSeconds: Int64, bodySeconds: Int64) {
        head = .seconds(headSeconds)
        body = .seconds(bodySeconds)
    }

    func handlerAdded(context: ChannelHandlerContext) { close(context, in: head) }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isAnswered = false
            deadline?.cancel()
            deadline = context.eventLoop.assumeIsolated().scheduleTask(in: body) { [self] in
                if isAnswered { context.close(promise: nil) } else { context.fireErrorCaught(BodyTooSlow()) }
            }
        case .body: break
        case .end: if !isLast { deadline?.cancel() }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): isLast = head.headerFields[.connection]?.lowercased() == "close"
        case .body: break
        case .end:
            isAnswered = true
            if isLast { close(context, in: Self.lingering) }
        }
        context.write(data, promise: promise)
    }

    private func close(_ context: ChannelHandlerContext, in time: TimeAmount) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }
}
