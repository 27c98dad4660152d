import AbideCore

/// The form that logs a ticket, built from the agreement's intake list (A4): by a contact on the portal, or by staff for a caller (A3).
/// Posts to `/tickets` with `subject`, `urgency`, each intake name, for staff also `contact` (an e-mail address) and `channel`.
struct LogFormView: Sendable {
    var fields: [IntakeField]
    /// What is filled in already: from the profile, or as sent before.
    var values: [String: String]
    var subject: String
    var urgency: Int?
    var severities: [SeverityChoice]
    /// Suggestions by field name (sites, projects).
    var suggestions: [String: [String]]
    /// What a field may say, by its name; fields that aren't here take any words.
    var choices: [String: [Choice]] = [:]
    /// A sentence by field name, `subject`, `urgency` or `contact`, for what could not be taken.
    var errors: [String: String]
    /// Who logs; nil for staff, who choose the caller.
    var contact: PersonView?
    /// For staff: the callers to choose from, by e-mail address, and the channels.
    var callers: [Choice] = []
    var channels: [Choice] = []
    /// Today and the days until the first answer's deadline, for the line that has not started.
    var axis: Axis?
    /// Kept from one try to the next, so that a form sent twice makes one ticket; hidden field `once`.
    var once: String
}

struct SeverityChoice: Sendable {
    var number: Int
    var name: String
    /// "A time-critical function fails, the rest is usable"
    var description: String
    /// When the first answer would be due if it were sent complete now; nil: as soon as possible.
    var firstAnswer: Instant?
}

/// The short form that asks only for what is missing (A5), reached from the acknowledgement's link. Posts to `action`.
struct SupplyFormView: Sendable {
    var ref: String
    var subject: String
    var fields: [IntakeField]
    var values: [String: String]
    var suggestions: [String: [String]]
    var errors: [String: String]
    /// `/tickets/ABD-1042/fields`, or the address that the link in the mail opened.
    var action: String
}
