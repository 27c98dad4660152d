import NIOCore
import NIOSSL

/// The thin shell around an `SMTPSession`: moves bytes, asks the desk, keeps the time.
///
/// While a question is open nothing more is read from the socket, so one connection never holds more than a read's worth of commands.
final class SMTPHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Sent down the pipeline of each connection when the listener stops.
    enum Event { case stop }

    private let server: SMTPServer
    private let connections: Connections
    private var session: SMTPSession
    private let peer: String
    private var asking = false
    private var readHeld = false
    private var stopping = false
    private var closing = false
    private var gone = false
    private var progress = 0
    private var unfinished = 0
    private var lastProgress = NIODeadline.now()
    private var timer: Scheduled<Void>?

    init(server: SMTPServer, connections: Connections, peer: String) {
        self.server = server
        self.connections = connections
        self.peer = peer
        session = SMTPSession(limits: server.limits, hostName: server.hostName, peer: peer, offersTLS: server.tls != nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        switch connections.admit(context.channel, peer: peer) {
        case .welcome:
            perform(session.greet(), context)
            watch(context)
        case .full: end("4.7.0", "Too many connections, try again later", context)
        case .stopping: end("4.3.2", "Shutting down, try again later", context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        gone = true
        release()
        timer?.cancel()
        connections.leave(context.channel, peer: peer)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        guard !closing, let bytes = buffer.readBytes(length: buffer.readableBytes) else { return }
        let step = session.consume(bytes)
        if asking {
            // The read that was under way when the question came up: kept by the session.
            return
        }
        perform(step, context)
        guard !closing else { return }
        let held = session.unfinished
        let fits = connections.hold(held - unfinished)
        unfinished = held
        if !fits { end("4.3.2", "Too much mail at once, try again later", context) }
    }

    func read(context: ChannelHandlerContext) {
        if asking { readHeld = true } else { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case Event.stop? = event as? Event {
            stopping = true
            end("4.3.2", "Shutting down, try again later", context)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The peer is gone or the socket is broken: nobody to tell, and what was not answered with 250 was not taken over.
        context.close(promise: nil)
    }

    // MARK: Steps

    private func perform(_ step: SMTPSession.Step, _ context: ChannelHandlerContext) {
        if session.progress != progress {
            progress = session.progress
            lastProgress = .now()
        }
        if !step.reply.isEmpty {
            context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: step.reply)), promise: nil)
        }
        switch step.next {
        case .read: context.flush()
        case .startTLS:
            context.flush()
            guard let tls = server.tls, let handler = try? NIOSSLServerHandler(context: tls), (try? context.pipeline.syncOperations.addHandler(handler, position: .first)) != nil else { return close(context) }
        case .close: close(context)
        case .lookUp(let recipient):
            ask(context, { [server] in await server.knows(recipient) }) { $0.resolve(known: $1) }
        case .accept(let envelope, let message):
            ask(context, { [server] in await server.accept(envelope, message) }) { $0.resolve(verdict: $1) }
        }
    }

    /// Asks the desk without holding the event loop. The task stands alone on purpose: when the listener is stopped, a message
    /// that is just being stored still gets its answer.
    private func ask<Answer: Sendable>(
        _ context: ChannelHandlerContext, _ question: @escaping @Sendable () async -> Answer,
        then resolve: @escaping @Sendable (inout SMTPSession, Answer) -> SMTPSession.Step
    ) {
        asking = true
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        Task {
            let answer = await question()
            loop.execute {
                let (handler, context) = bound.value
                handler.answered(context) { resolve(&$0, answer) }
            }
        }
    }

    private func answered(_ context: ChannelHandlerContext, _ resolve: (inout SMTPSession) -> SMTPSession.Step) {
        guard !gone, !closing else { return }
        asking = false
        perform(resolve(&session), context)
        guard !asking, !closing else { return }
        if stopping { return end("4.3.2", "Shutting down, try again later", context) }
        if readHeld {
            readHeld = false
            context.read()
        }
    }

    private func end(_ enhanced: String, _ text: String, _ context: ChannelHandlerContext) {
        guard !closing, let step = session.end(enhanced, text) else { return }
        perform(step, context)
    }

    /// Closes our side and goes on reading for a moment: a socket closed over unread bytes would be reset, and the last answer lost.
    private func close(_ context: ChannelHandlerContext) {
        guard !closing else { return }
        closing = true
        asking = false
        release()
        context.flush()
        context.close(mode: .output, promise: nil)
        timer?.cancel()
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        if readHeld {
            readHeld = false
            context.read()
        }
    }

    private func release() {
        _ = connections.hold(-unfinished)
        unfinished = 0
    }

    private func watch(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: .seconds(min(10, server.limits.idleSeconds))) {
            let (handler, context) = bound.value
            if !handler.asking, handler.lastProgress + .seconds(handler.connections.idleSeconds) <= .now() {
                handler.end("4.4.2", "Nothing heard for too long", context)
            } else {
                handler.watch(context)
            }
        }
    }
}
