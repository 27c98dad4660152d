import AbideCore

struct SignInView: Sendable {
    /// As typed before.
    var email: String
    /// "The name or the password is not right."; nil: first try.
    var error: String?
    /// Where to go on, a path of ours; hidden field `next`.
    var next: String?
    /// The desk's own open hours, yesterday to tomorrow: `Axis.list(…)`.
    var axis: Axis?
    /// When the desk closes if it is open now, else when it opens.
    var openUntil: Instant?
    var opensAt: Instant?
}

/// A page that can't be shown: what happened, what it means, what can be done.
struct ErrorView: Sendable {
    var status: Int
    /// "We could not load this page."
    var title: String
    var text: String
    var clause: String? = nil
    /// Label and address; the first is the primary act.
    var acts: [(label: String, href: String)]
    /// What to quote to the administrator; empty: nothing.
    var reference = ""
}
