/// One SMTP or LMTP dialogue (RFC 5321, RFC 2033) as a value: bytes in, answers and wishes out, no socket and no clock.
///
/// The caller feeds bytes with `consume`, does what `Step.next` asks for, and calls `resolve` with the answer where one is asked for.
/// Between such a question and its answer further bytes are only kept, so pipelined commands are answered in their order.
package struct SMTPSession {
    package enum Next: Equatable {
        /// Wait for more bytes; what was written may go out.
        case read
        /// Say with `resolve(known:)` whether this recipient has a mailbox.
        case lookUp(String)
        /// Store the message, then say with `resolve(verdict:)` what became of it.
        case accept(MailEnvelope, [UInt8])
        /// Send what was written, then begin TLS; what comes from then on is read through it (RFC 3207).
        case startTLS
        /// Send what was written, then close.
        case close
    }

    package struct Step: Equatable {
        package var reply: [UInt8] = []
        package var next: Next = .read
    }

    private enum State {
        /// Passing over the rest of a command line that is too long.
        case skipping(Int)
        case command, data(DataReader), lookUp(String), accept(recipients: Int), closed
    }

    private let limits: SMTPLimits
    private let hostName: String
    private let peer: String
    private var state = State.command
    private let offersTLS: Bool
    /// Under TLS.
    private var isSecure = false
    private var input: [UInt8] = []
    private var position = 0
    private var helo: String?
    private var lmtp = false
    private var from: String?
    private var announcedSize = 0
    private var utf8 = false
    private var recipients: [String] = []
    private var errors = 0
    private var reply: [UInt8] = []
    /// Commands and pieces of data so far: an idle timer looks whether it moved.
    package private(set) var progress = 0

    /// Bytes of the message that is being read.
    var unfinished: Int { if case .data(let reader) = state { reader.content.count } else { 0 } }

    package init(limits: SMTPLimits, hostName: String, peer: String, offersTLS: Bool = false) {
        self.offersTLS = offersTLS
        self.limits = limits
        self.hostName = hostName
        self.peer = peer
    }

    /// What the listener says first.
    package mutating func greet() -> Step {
        say(220, nil, "\(hostName) ESMTP Abide")
        return finish(.read)
    }

    package mutating func consume(_ bytes: [UInt8]) -> Step {
        if position == input.count {
            input = bytes
            position = 0
        } else {
            input.append(contentsOf: bytes)
        }
        return run()
    }

    package mutating func resolve(known: Bool) -> Step {
        guard case .lookUp(let recipient) = state else { return finish(.close) }
        state = .command
        if known {
            if !recipients.contains(recipient) { recipients.append(recipient) }
            say(250, "2.1.5", "Recipient ok")
        } else if fault(550, "5.1.1", "No such mailbox here") {
            return finish(.close)
        }
        return run()
    }

    package mutating func resolve(verdict: MailVerdict) -> Step {
        guard case .accept(let count) = state else { return finish(.close) }
        state = .command
        if verdict == .stored { errors = 0 }
        // RFC 2033 4.2: after the data LMTP answers for each recipient.
        for _ in 0..<(lmtp ? count : 1) {
            switch verdict {
            case .stored: say(250, "2.0.0", "Stored")
            case .tryAgain(let code, let enhanced, let text): say((400...499).contains(code) ? code : 451, enhanced, text)
            case .refused(let code, let enhanced, let text): say((500...599).contains(code) ? code : 550, enhanced, text)
            }
        }
        return run()
    }

    /// Ends the dialogue from our side with a 421; nil while a message is being stored, whose answer goes first.
    package mutating func end(_ enhanced: String, _ text: String) -> Step? {
        if case .accept = state { return nil }
        if case .closed = state { return finish(.close) }
        say(421, enhanced, text)
        return finish(.close)
    }

    // MARK: Going through the input

    private mutating func run() -> Step {
        while true {
            switch state {
            case .lookUp, .accept: return finish(.read)
            case .closed: return finish(.close)
            case .data(var reader):
                // Taken out so that the reader is not copied when it grows.
                state = .command
                var at = position
                let outcome = input.withUnsafeBufferPointer { reader.read($0, position: &at) }
                if at > position { progress += 1 }
                position = at
                if outcome == .more {
                    state = .data(reader)
                    return finish(.read)
                }
                if let next = dataEnded(reader, outcome) { return finish(next) }
            case .skipping(let skipped):
                guard skip(skipped) else { return finish(.read) }
            case .command:
                guard let line = nextLine() else {
                    if case .command = state { return finish(.read) }
                    continue
                }
                progress += 1
                if let next = obey(SMTPCommand.parse(line)) { return finish(next) }
            }
        }
    }

    /// The next whole command line without its CRLF; nil where it has not come yet or the dialogue ended over it.
    private mutating func nextLine() -> [UInt8]? {
        var end = position
        while end < input.count {
            let byte = input[end]
            if byte == LF || (byte == CR && end + 1 < input.count && input[end + 1] != LF) {
                // What follows a bare line end may have been smuggled into an argument: nothing more is taken from here.
                say(550, "5.5.2", "Lines end with CR LF, here is a bare one of the two")
                state = .closed
                return nil
            }
            if byte == CR && end + 1 < input.count { break }
            end += 1
        }
        guard end - position + 2 <= limits.commandLine else {
            state = fault(500, "5.5.6", "Command line longer than \(limits.commandLine) bytes") ? .closed : .skipping(0)
            return nil
        }
        guard end < input.count else {
            input.removeFirst(position)
            position = 0
            return nil
        }
        defer { position = end + 2 }
        return Array(input[position..<end])
    }

    /// Drops input up to the end of the line; true where it was found or too much was dropped, which ends the dialogue.
    private mutating func skip(_ skipped: Int) -> Bool {
        var at = position
        while at + 1 < input.count, !(input[at] == CR && input[at + 1] == LF) { at += 1 }
        let found = at + 1 < input.count
        let total = skipped + at - position
        position = found ? at + 2 : at
        state = found ? .command : total > limits.message ? .closed : .skipping(total)
        if !found {
            input.removeFirst(position)
            position = 0
        }
        return found || total > limits.message
    }

    private mutating func dataEnded(_ reader: DataReader, _ outcome: DataReader.Outcome) -> Next? {
        defer { reset() }
        let count = lmtp ? recipients.count : 1
        let refusal: (code: Int, enhanced: String, text: String)
        switch (outcome, reader.fault) {
        case (.flood, _), (_, .tooLarge?): refusal = (552, "5.3.4", "Message larger than \(limits.message) bytes")
        case (.smuggled, _), (_, .bareLineEnd?): refusal = (550, "5.5.2", "Lines end with CR LF, the message has a bare one of the two")
        case (_, .lineTooLong?): refusal = (500, "5.6.0", "The message has a line longer than \(limits.textLine) bytes")
        case (_, nil):
            let header = HeaderScan(reader.content)
            if header.size > limits.header {
                refusal = (552, "5.3.4", "Header larger than \(limits.header) bytes")
            } else if header.hops > limits.hops {
                refusal = (554, "5.4.6", "More than \(limits.hops) hops: this message goes in circles")
            } else {
                state = .accept(recipients: recipients.count)
                return .accept(MailEnvelope(from: from ?? "", recipients: recipients, peer: peer, helo: helo ?? "", lmtp: lmtp), reader.content)
            }
        }
        for _ in 1..<max(1, count) { say(refusal.code, refusal.enhanced, refusal.text) }
        let tooMany = fault(refusal.code, refusal.enhanced, refusal.text)
        return tooMany || outcome != .ended ? .close : nil
    }

    // MARK: Commands

    private mutating func obey(_ command: SMTPCommand) -> Next? {
        switch command {
        case .hello(let kind, let domain):
            reset()
            helo = domain
            lmtp = kind == .lhlo
            if kind == .helo {
                say(250, nil, hostName)
            } else {
                for line in [hostName, "SIZE \(limits.message)", "PIPELINING", "8BITMIME", "SMTPUTF8"] + (offersTLS && !isSecure ? ["STARTTLS"] : []) { write("250-\(line)\r\n") }
                say(250, nil, "ENHANCEDSTATUSCODES")
            }
        case .mail(let path, let size, let utf8): return mail(path, size, utf8)
        case .rcpt(let path): return rcpt(path)
        case .data:
            guard from != nil else { return refuse(503, "5.5.1", "MAIL comes first") }
            // RFC 2033 4.2 wants 503 where no recipient was accepted; RFC 5321 3.3 allows 554.
            guard !recipients.isEmpty else { return refuse(lmtp ? 503 : 554, "5.5.1", "No valid recipient") }
            say(354, nil, "Send the message, end it with CR LF . CR LF")
            state = .data(DataReader(limits: limits, expected: announcedSize))
        case .rset:
            reset()
            say(250, "2.0.0", "Ok")
        case .noop: say(250, "2.0.0", "Ok")
        case .startTLS: return startTLS()
        case .verify: say(252, "2.5.2", "Not told; send the message and see")
        case .help: say(214, "2.0.0", "EHLO HELO LHLO MAIL RCPT DATA RSET NOOP VRFY HELP QUIT")
        case .quit:
            say(221, "2.0.0", "Bye")
            return .close
        case .foreign:
            say(500, "5.5.1", "This is a mail server")
            return .close
        case .fault(let code, let enhanced, let text): return refuse(code, enhanced, text)
        }
        return nil
    }

    private mutating func startTLS() -> Next? {
        guard offersTLS else { return refuse(502, "5.5.1", "STARTTLS is not offered here") }
        guard !isSecure else { return refuse(503, "5.5.1", "TLS is on already") }
        // What came along in plain text may have been put there by another, to be taken for what the client said under TLS (CVE-2011-0411).
        guard position == input.count else {
            say(501, "5.5.4", "Nothing may follow STARTTLS before TLS has begun")
            return .close
        }
        say(220, "2.0.0", "Begin TLS")
        // RFC 3207 4.2: what was said before is forgotten.
        reset()
        helo = nil
        isSecure = true
        return .startTLS
    }

    private mutating func mail(_ path: String, _ size: Int?, _ utf8: Bool) -> Next? {
        guard helo != nil else { return refuse(503, "5.5.1", "EHLO, HELO or LHLO comes first") }
        guard from == nil else { return refuse(503, "5.5.1", "One MAIL at a time; RSET forgets it") }
        if let size, size > limits.message { return refuse(552, "5.3.4", "Message larger than \(limits.message) bytes") }
        from = path
        announcedSize = size ?? 0
        self.utf8 = utf8
        say(250, "2.1.0", "Sender ok")
        return nil
    }

    private mutating func rcpt(_ path: String) -> Next? {
        guard from != nil else { return refuse(503, "5.5.1", "MAIL comes first") }
        guard utf8 || path.utf8.allSatisfy({ $0 < 128 }) else { return refuse(553, "5.6.7", "This address needs SMTPUTF8") }
        guard recipients.count < limits.recipients else {
            // Not counted as a fault: RFC 5321 4.5.3.1.10 has the client send the rest in another transaction.
            say(452, "4.5.3", "More than \(limits.recipients) recipients, send the rest apart")
            return nil
        }
        state = .lookUp(path)
        return .lookUp(path)
    }

    private mutating func reset() {
        from = nil
        utf8 = false
        recipients = []
    }

    // MARK: Answers

    private mutating func refuse(_ code: Int, _ enhanced: String, _ text: String) -> Next? {
        fault(code, enhanced, text) ? .close : nil
    }

    /// Answers and counts a fault; true where it was one too many, with the 421 written.
    private mutating func fault(_ code: Int, _ enhanced: String, _ text: String) -> Bool {
        say(code, enhanced, text)
        errors += 1
        guard errors >= limits.errors else { return false }
        say(421, "4.7.0", "Too many faults on this connection")
        return true
    }

    /// One answer line. Texts from elsewhere can't break out of it: only printable ASCII is written.
    private mutating func say(_ code: Int, _ enhanced: String?, _ text: String) {
        write("\(code) ")
        if let enhanced { write("\(enhanced) ") }
        reply.append(contentsOf: text.utf8.prefix(400).map { (32...126).contains($0) ? $0 : 63 })
        write("\r\n")
    }

    private mutating func write(_ text: String) { reply.append(contentsOf: text.utf8) }

    private mutating func finish(_ next: Next) -> Step {
        if next == .close { state = .closed }
        defer { reply = [] }
        return Step(reply: reply, next: next)
    }
}
