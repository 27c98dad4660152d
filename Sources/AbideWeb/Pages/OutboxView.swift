import AbideCore

/// The desk's own copy of every mail that leaves, newest first.
struct OutboxView: Sendable {
    var rows: [OutboxRow]
    /// "No relay is set: mails are kept here and nothing leaves."; empty: nothing to say.
    var notice: String
    var next: String?
}

struct OutboxRow: Sendable {
    /// Where the mail opens.
    var href: String
    var to: String
    var subject: String
    /// `logged`, `escalated`; as the header X-Abide-Milestone has it.
    var milestone: String
    var ref: String?
    var state: OutboxState
    var at: Instant
}

enum OutboxState: String, Sendable {
    case kept, queued, sent, failed, bounced, dropped
}

struct OutboxMailView: Sendable {
    var row: OutboxRow
    /// As sent, in order: From, To, Subject, Date, Message-ID, Reply-To and ours.
    var headers: [(name: String, value: String)]
    var text: String
    /// The HTML part; shown in a frame without any rights. Nil: there is none.
    var html: String?
    /// What the relay said last; empty: nothing.
    var detail: String
}
