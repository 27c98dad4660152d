/// One message to one recipient (R14), before it is written as bytes. Made by the desk, composed by AbideMail.
package struct OutgoingMail: Sendable, Codable, Hashable {
    package var from: MailAddress
    package var to: MailAddress
    /// The signed address that binds an answer to ticket and participant (R1).
    package var replyTo: MailAddress?
    package var subject: String
    /// Without angle brackets; the same on every retry.
    package var messageID: String
    package var inReplyTo: String?
    package var references: [String]
    package var date: Instant
    package var text: String
    package var html: String?
    /// RFC 3834: `auto-generated` or `auto-replied` where a machine wrote it, nil for a person's words.
    package var autoSubmitted: String?
    /// `X-Abide-Ticket` and `X-Abide-Milestone`; further header fields by name.
    package var headers: [String: String]
    /// An iCalendar object that goes along as a file of its own; nil: none.
    package var calendar: String?

    package init(
        from: MailAddress, to: MailAddress, replyTo: MailAddress?, subject: String, messageID: String, inReplyTo: String?,
        references: [String], date: Instant, text: String, html: String?, autoSubmitted: String?, headers: [String: String]
    ) {
        self.from = from
        self.to = to
        self.replyTo = replyTo
        self.subject = subject
        self.messageID = messageID
        self.inReplyTo = inReplyTo
        self.references = references
        self.date = date
        self.text = text
        self.html = html
        self.autoSubmitted = autoSubmitted
        self.headers = headers
    }
}
