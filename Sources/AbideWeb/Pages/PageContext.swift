import AbideCore

/// What every page is told besides its own view: who reads, when, in which zone, and the token that its forms carry.
struct PageContext: Sendable {
    var now: Instant
    /// The reader's own time.
    var words: TimeWords
    /// The name of that zone.
    var zone = ""
    /// The desk's time; `place` is where it is ("Dallas").
    var desk: TimeWords
    /// "Larkfield Systems"
    var provider: String
    /// The address that makes tickets.
    var mailbox: String
    /// Goes into every form as the hidden field `csrf`.
    var csrf: String
    /// Nil on pages for signed-out visitors.
    var user: PersonView?
    /// The staff's sidebar, or the portal's tabs (one group); only what exists.
    var navigation: [NavGroup]
    /// The event stream that this page follows, as `/live?ticket=ABD-1042`; nil: it doesn't change by itself.
    var live: String?
    /// Said once at the bottom left: "Note added."
    var toast: String?
    /// What the reader wrote and may still take back, on other pages than this one's ticket.
    var waiting: [WaitingAnswerView] = []
    /// What was searched for, to be gone on with.
    var find = ""
    /// An act that the agreement doesn't allow, answered beside the act.
    var refusal: RefusalView?
    /// What had been typed into the form that was refused, by field name; it is not typed twice.
    var typed: [String: String] = [:]
    /// "Support eService, version 3", for the portal's foot; empty: not said.
    var agreement: String

    /// `at 12:06` today, `on Fri 12:06` at another day.
    func at(_ t: Instant) -> String { words.sameDay(t, now) ? say("at \(words.stamp(t, now: now))") : say("on \(words.stamp(t, now: now))") }
}

/// A group of the sidebar; the first has no title.
struct NavGroup: Sendable {
    var title: String? = nil
    var items: [NavItem]
}

struct NavItem: Sendable {
    var title: String
    var href: String
    var icon: Icon
    var count: Int? = nil
    /// True where there are more than could be counted.
    var isMore = false
    var isCurrent = false
}

/// A person as pages name them. Staff are shown in a square, clients in a circle.
struct PersonView: Sendable, Hashable {
    var name: String
    var isStaff: Bool
    var email = ""
    var phone = ""
    /// Second line: "primary contact", "Northfield Mining".
    var note = ""

    /// "MT"; two letters at most.
    var initials: String {
        guard let first = name.first else { return "?" }
        guard let gap = name.lastIndex(of: " "), let last = name[name.index(after: gap)...].first else { return first.uppercased() }
        return first.uppercased() + last.uppercased()
    }
    var firstName: String { name.split(separator: " ").first.map(String.init) ?? name }
}

/// What did not happen, who can, under which clause.
struct RefusalView: Sendable {
    /// "This ticket is not closed."
    var title: String
    var text: String
    var clause: String? = nil
    /// The form that was refused, as the id of its button has it (`suspend`): it opens again, with the refusal inside.
    var act: String? = nil
}

/// One entry of a select or a group of radio buttons.
struct Choice: Sendable {
    var value: String
    var label: String
    var isChosen = false
}
