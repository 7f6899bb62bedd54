import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Ends connections that take their time: a request head that does not come, a body that does not end. How long one may
/// be idle between requests is the server's own care.
///
/// A new connection's head is due from its beginning, a TLS handshake included; a later one from its first bytes on, or
/// from the first that come after those that ended the request before it. However slowly it trickles in, its time does
/// not begin anew.
///
/// A body that is late is an error to its reader, who can still answer; once the answer is out, or says `close`, the
/// connection ends soon after, so that what a client still sends is not read for ever. It also ends soon after the client
/// has closed its side, whatever is still being worked at: nobody waits for the answer.
final class ConnectionTimes: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct BodyTooSlow: Error {}

    private enum Phase { case head, request, between }
    private enum End { case head, body, connection }

    private let head: TimeAmount
    private let body: TimeAmount
    /// When patience ends, and what happens then.
    private var deadline: (time: NIODeadline, end: End)?
    /// Looks at the deadline, and later again if that has moved: most requests are over before it is reached, and cost no
    /// timer.
    private var timer: (time: NIODeadline, task: Scheduled<Void>)?
    private var phase = Phase.head
    /// Requests whose head was read and that have no whole answer yet.
    private var unanswered = 0
    private var isLast = false

    /// For the client to read an answer before the connection is reset under it, or to get one that is nearly ready.
    private static let lingering = TimeAmount.seconds(2)

    init(headSeconds: Int64, bodySeconds: Int64) {
        head = .seconds(headSeconds)
        body = .seconds(bodySeconds)
    }

    /// Also puts what notices bytes in front of what reads them.
    func handlerAdded(context: ChannelHandlerContext) {
        awaitHead(context)
        let pipeline = context.pipeline.syncOperations
        let bytes = ArrivingBytes { [weak self] in self?.bytesCame(context) }
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(bytes, position: .before(decoder))
        } catch {
            // Not a server's connection as we set it up; without this limit there shall be none.
            context.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent, unanswered > 0 { wait(Self.lingering, context, .connection) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            phase = .request
            unanswered += 1
            wait(body, context, .body)
        case .body: break
        case .end:
            phase = .between
            if !isLast { deadline = nil }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): isLast = head.headerFields[.connection]?.lowercased() == "close"
        case .body: break
        case .end:
            // What is no HTTP at all is answered without ever having been a request.
            unanswered = max(0, unanswered - 1)
            if isLast { wait(Self.lingering, context, .connection) }
        }
        context.write(data, promise: promise)
    }

    private func bytesCame(_ context: ChannelHandlerContext) {
        if phase == .between, !isLast { awaitHead(context) }
    }

    private func awaitHead(_ context: ChannelHandlerContext) {
        phase = .head
        wait(head, context, .head)
    }

    private func wait(_ time: TimeAmount, _ context: ChannelHandlerContext, _ end: End) {
        let time = NIODeadline.now() + time
        deadline = (time, end)
        if let timer, timer.time <= time { return }
        look(at: time, context)
    }

    private func look(at time: NIODeadline, _ context: ChannelHandlerContext) {
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) { [self] in
            timer = nil
            guard let deadline else { return }
            if deadline.time > NIODeadline.now() { return look(at: deadline.time, context) }
            self.deadline = nil
            reached(deadline.end, context)
        }
        timer = (time, task)
    }

    private func reached(_ end: End, _ context: ChannelHandlerContext) {
        switch end {
        // While an answer is being made nothing more may have been read: that is not the client's doing.
        case .head where unanswered > 0: awaitHead(context)
        case .body where unanswered > 0: context.fireErrorCaught(BodyTooSlow())
        case .head, .body, .connection: context.close(promise: nil)
        }
    }

    private func stop() {
        deadline = nil
        timer?.task.cancel()
        timer = nil
    }
}

/// Tells that bytes came, before they are read as HTTP.
private final class ArrivingBytes: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let told: () -> Void
    init(_ told: @escaping () -> Void) { self.told = told }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        told()
        context.fireChannelRead(data)
    }
}
