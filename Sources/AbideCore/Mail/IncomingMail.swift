/// A mailbox address with the name beside it; `address` is lower-cased in its domain, never empty.
package struct MailAddress: Hashable, Sendable, Codable {
    package var address: String
    package var name: String
    package init(address: String, name: String = "") {
        self.address = address
        self.name = name
    }
}

/// What a received message says, made from its raw bytes by AbideMail. A value: nothing in it has been believed yet.
package struct IncomingMail: Sendable {
    /// Told apart by headers and form (R8, R12, R13): only a `message` is a person's.
    package enum Kind: String, Sendable, Codable { case message, autoReply, bounce, list }

    package struct TraceField: Sendable, Hashable {
        /// Lower-cased.
        package var name: String
        package var value: String
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct Attachment: Sendable {
        package var name: String
        package var type: String
        /// Decoded bytes.
        package var content: [UInt8]
        package var inline: Bool
        package var contentID: String?
        package init(name: String, type: String, content: [UInt8], inline: Bool, contentID: String?) {
            self.name = name
            self.type = type
            self.content = content
            self.inline = inline
            self.contentID = contentID
        }
    }

    package struct Bounce: Sendable, Codable {
        package var recipient: String?
        package var status: String?
        package var action: String?
        package var permanent: Bool
        /// The Message-ID of the message that came back, where the bounce quotes it.
        package var originalMessageID: String?
        package init(recipient: String?, status: String?, action: String?, permanent: Bool, originalMessageID: String?) {
            self.recipient = recipient
            self.status = status
            self.action = action
            self.permanent = permanent
            self.originalMessageID = originalMessageID
        }
    }

    /// All mailboxes of `From`; anything but exactly one is unverified (R5).
    package var from: [MailAddress] = []
    package var to: [MailAddress] = []
    package var cc: [MailAddress] = []
    package var subject = ""
    /// The `Date` header as an instant; never trusted for a clock (R17).
    package var date: Instant?
    package var messageID: String?
    package var inReplyTo: String?
    package var references: [String] = []
    /// The whole body as plain text.
    package var text = ""
    /// Sanitised HTML, where the message had HTML.
    package var html: String?
    /// The visible new text: quotes and signature taken off.
    package var reply = ""
    package var attachments: [Attachment] = []
    package var kind: Kind = .message
    package var bounce: Bounce?
    /// What servers on the way wrote of the message, topmost first: Authentication-Results and their verdicts on junk. Nobody's word
    /// by itself (R4).
    package var traceFields: [TraceField] = []
    /// Count of `Received` fields (R15).
    package var hops = 0
    /// `Auto-Submitted`, `Precedence` or a list header forbid an automatic answer (R8), whatever the kind.
    package var forbidsAutomaticAnswer = false

    package init() {}
}
