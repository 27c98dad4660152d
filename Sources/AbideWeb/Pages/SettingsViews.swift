import AbideCore

struct UserRow: Sendable {
    var id: Int64
    var person: PersonView
    var role: String
    /// The client, or the department.
    var home: String
    var state: String
    var isQuiet: Bool
}

struct UserView: Sendable {
    /// nil: a new one.
    var id: Int64?
    var title: String
    var form: FormState
    var roles: [Choice]
    var clients: [Choice]
    var departments: [Choice]
    var zones: [String]
    var state = ""
    var isDisabled = false
    var hasPassword = false
    var hasSecondFactor = false
    var mayAdminister = false
    var mayLink = false
    /// To be handed over where no mail leaves.
    var link: String?
    var linkUntil = ""
    var log: [AuditRow] = []
    /// Of a contact: the addresses besides the first; nil for staff and for a new account.
    var addresses: [String]?
}

struct AuditRow: Sendable {
    var at: Instant
    var actor: String
    var action: String
    var object: String
    var detail: String
}

struct ClientRow: Sendable {
    var id: Int64
    var name: String
    var contacts: Int
    var domains: [String]
    var subscription: String
    var sharing: String
}

struct ClientView: Sendable {
    var id: Int64?
    var title: String
    var form: FormState
    var zones: [String]
    var contacts: [UserRow] = []
    var choices: [Choice] = []
    var primary = ""
    var standIn = ""
    var changes: [ChangeRow] = []
}

struct ChangeRow: Sendable {
    var id: Int64
    var text: String
    var at: Instant
    var undone: Bool
    var mayUndo = false
}

extension Pages {
    /// The words of the mails to clients, milestone by milestone, on an example.
    /// A milestone's name in the file of words as people say it: `resolutionProposed`, "Resolution proposed".
    private static func plain(_ milestone: String) -> String {
        milestone.reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) }.uppercasedFirst
    }

    static func mailPreviews(_ mails: [(milestone: String, subject: String, text: String)], _ frame: SettingsFrame, _ page: PageContext) -> HTML {
        settings(say("Mails to clients"), frame, page, main: """
            <p class="lead">\(say: "What a client gets at each milestone, on an example. The words come from the language or the file that <code>--mail-words</code> names.")</p>\
            <nav class="jump" aria-label="\(say: "Milestones")">\(each: mails, { "<a href=\"#\($0.milestone)\">\(plain($0.milestone))</a> " })</nav>\
            \(each: mails, { one in """
                <section class="mail preview" id="\(one.milestone)"><h2>\(plain(one.milestone)) <code class="dim">\(one.milestone)</code></h2><p class="dim">\(one.subject)</p>\
                <iframe title="\(say: "\(plain(one.milestone)), as its reader sees it")" sandbox="allow-popups" referrerpolicy="no-referrer" loading="lazy" src="\(url: "/settings/mails/" + one.milestone)"></iframe>\
                <details class="inline"><summary>\(say: "As plain text")</summary><pre>\(one.text)</pre></details></section>
                """ as HTML })
            """)
    }
}
