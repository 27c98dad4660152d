/// Who handed in a message and for whom (RFC 5321 2.3.1): what the dialogue said, apart from what the message says of itself.
package struct MailEnvelope: Sendable, Hashable {
    /// The reverse path without angle brackets; "" for the null path `<>`.
    package var from: String
    /// The forward paths that were accepted, in order, without angle brackets.
    package var recipients: [String]
    /// The address of the peer, without its port.
    package var peer: String
    /// What the peer called itself in EHLO, HELO or LHLO.
    package var helo: String
    /// Handed in by LMTP (RFC 2033).
    package var lmtp: Bool

    package init(from: String, recipients: [String], peer: String, helo: String, lmtp: Bool) {
        self.from = from
        self.recipients = recipients
        self.peer = peer
        self.helo = helo
        self.lmtp = lmtp
    }
}

/// What the desk says to a whole message. Only `stored` takes the responsibility for it (R10).
package enum MailVerdict: Sendable, Hashable {
    /// Stored durably: answered with 250.
    case stored
    /// A 4xx code with its enhanced code (RFC 3463), such as 451 and 4.3.0: the sender keeps the message and comes again.
    case tryAgain(code: Int, enhanced: String, text: String)
    /// A 5xx code with its enhanced code: the sender gives the message back to its author.
    case refused(code: Int, enhanced: String, text: String)
}

/// What one peer may ask of the listener. Sizes in bytes, times in seconds.
package struct SMTPLimits: Sendable {
    /// Largest message, advertised by SIZE (RFC 1870).
    package var message = 26_214_400
    /// Largest header of a message.
    package var header = 1_048_576
    /// Largest command line with its CRLF.
    package var commandLine = 2_048
    /// Largest line of a message with its CRLF (RFC 5321 4.5.3.1.6).
    package var textLine = 1_000
    package var recipients = 100
    /// `Received` fields of a message: more are a loop (R15).
    package var hops = 50
    /// Faults on one connection since its last good message.
    package var errors = 20
    package var idleSeconds: Int64 = 300
    /// Idle time allowed while most connections are taken.
    package var idleSecondsUnderStress: Int64 = 10
    /// Bytes of unfinished messages on all connections together.
    package var unfinished = 268_435_456
    package var connections = 1_000
    package var connectionsPerPeer = 100

    package init() {}
}
