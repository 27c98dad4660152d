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

struct DepartmentRow: Sendable {
    var name: String
    var lead: String
    var people: [UserRow]
}
