import AbideCore

/// What stands beside the terms on the agreement's page: since when, what changed, what comes, and who accepted it.
struct AgreementPageView: Sendable {
    var terms: AgreementTerms
    var since: Instant?
    /// The version of the time-zone data, as 2026a.
    var zoneData = ""
    /// Lines such as "Critical: response 2 h -> 1 h", from the version before.
    var changes: [String] = []
    /// The reader sees reviews: those to come, and minutes.
    var readsReviews = false
    /// The reader may try other terms on the desk's history.
    var mayTry = false
    /// The version that comes next, with what it changes.
    var next: Coming?
    var consents: [Consent] = []
    /// The reader can accept the version in force, or the coming one, by its digest.
    var mayAccept: [String] = []
    /// What happened to agreements, the last first.
    var events: [Event] = []
    /// For the agreement manager: to whom a version can be given.
    var manages = false
    var clients: [Choice] = []

    struct Coming: Sendable {
        var title: String
        var digest: String
        var from: Instant
        var changes: [String]
    }

    struct Consent: Sendable {
        var title: String
        var who: String
        var client: String
        var at: Instant
    }

    struct Event: Sendable {
        var at: Instant
        var sentence: String
    }
}
