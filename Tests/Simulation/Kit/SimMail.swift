import AbideCore

/// A mail of a client's, as it goes through the world: it can be sent twice, and wait while the desk is down.
struct SimMail: Sendable {
    var from: Person
    var to: String
    var raw: [UInt8]
    /// Stands in the body, so that it can be found again; nil where a machine wrote it.
    var mark: String?
    var isNew: Bool
    var tries = 0
    /// The desk has said that it keeps it.
    var accepted = false

    init(number: Int, from: Person, to: String, subject: String, body: String, isNew: Bool, isAutomatic: Bool = false, inReplyTo: String? = nil) {
        self.from = from
        self.to = to
        self.isNew = isNew
        mark = isAutomatic ? nil : "mark-\(number)-end"
        var lines = [
            "From: \(from.name) <\(from.email)>", "To: <\(to)>", "Subject: \(subject)", "Message-ID: <m\(number)@\(from.email.split(separator: "@")[1])>", "Date: Thu, 01 Jan 2026 10:00:00 +0000",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
        ]
        if let inReplyTo { lines.append("In-Reply-To: <\(inReplyTo)>") }
        if isAutomatic { lines.append("Auto-Submitted: auto-replied") }
        lines += ["", body + (mark.map { "\n" + $0 } ?? "") + "\n"]
        raw = Array(lines.joined(separator: "\r\n").utf8)
    }

    /// As a relay hands it over that has tried before.
    var again: [UInt8] { Array("Received: from relay.example by mx.example; again \(tries)\r\n".utf8) + raw }
}
