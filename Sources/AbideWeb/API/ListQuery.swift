import AbideCore
import AbideDesk

/// What a list can show of each ticket besides its severity, reference, subject, client and deadline.
enum ListColumn: String, Sendable, CaseIterable, Hashable {
    /// The promise line, on the list's one clock.
    case promise
    case status, department, assignee, logged, updated

    var title: String {
        switch self {
        case .promise: say("Promise line")
        case .status: say("Status")
        case .department: say("Department")
        case .assignee: say("Assigned to")
        case .logged: say("Logged")
        case .updated: say("Updated")
        }
    }
}

/// The search language of lists: `status:open client:"Larkfield" severity:1 assignee:me department:Support is:escalated due:<4h`,
/// `sort:client`, `columns:promise,logged`, and words, which are looked for in reference, subject, client, messages, fields and names of files. A name that isn't one of these is a word.
struct ListQuery: Sendable, Equatable {
    var statuses: [Ticket.Status] = []
    var isOpen = false
    var isEscalated = false
    var severity: Int?
    var client: String?
    var assignee: String?
    var department: String?
    /// `due:<4h`: due within so many seconds from now; what is over already counts.
    var dueWithin: Int64?
    var words: [String] = []
    /// `sort:client`, by the names of the API; nil: what fits best where there are words, else what is promised next.
    var sort: TicketQuery.Sort?
    /// `columns:promise,logged`: what a list shows of each ticket; nil: the usual.
    var columns: [ListColumn]?

    init() {}

    /// - Throws: a `Refusal` of input that names `q`.
    init(_ text: String) throws {
        guard text.utf8.count <= 1000 else { throw Refusal.input("q", "This is too long: at most 1000 bytes.") }
        for token in Self.tokens(text) {
            guard let colon = token.text.firstIndex(of: ":"), !token.isQuoted else {
                words.append(token.text)
                continue
            }
            let value = String(token.text[token.text.index(after: colon)...])
            switch token.text[..<colon].lowercased() {
            case _ where value.isEmpty: words.append(token.text)
            case "status":
                for name in value.split(separator: ",") {
                    guard let status = Ticket.Status.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }) else {
                        throw Refusal.input("q", "status: one of \(Ticket.Status.allCases.map(\.rawValue).joined(separator: ", ")).")
                    }
                    statuses.append(status)
                }
            case "is":
                switch value.lowercased() {
                case "open": isOpen = true
                case "escalated": isEscalated = true
                case "unassigned": assignee = "none"
                default: throw Refusal.input("q", "is: one of open, escalated, unassigned.")
                }
            case "severity":
                guard let number = Int(value), (1...4).contains(number) else { throw Refusal.input("q", "severity: a number from 1 to 4.") }
                severity = number
            case "client": client = value
            case "assignee": assignee = value
            case "department": department = value
            case "due":
                guard let seconds = Self.span(value) else { throw Refusal.input("q", "due: as due:<30m, due:<4h or due:<2d.") }
                dueWithin = seconds
            case "sort":
                guard let order = TicketQuery.Sort(rawValue: value.lowercased()) else { throw Refusal.input("q", "sort: one of \(TicketQuery.Sort.allCases.map(\.rawValue).joined(separator: ", ")).") }
                sort = order
            case "columns":
                columns = try value.lowercased().split(separator: ",").filter { $0 != "none" }.map { name in
                    guard let column = ListColumn(rawValue: String(name)) else { throw Refusal.input("q", "columns: some of \(ListColumn.allCases.map(\.rawValue).joined(separator: ", ")); or none.") }
                    return column
                }
            default: words.append(token.text)
            }
        }
    }

    /// A text without `sort:` and `columns:`.
    static func withoutDisplay(_ text: String) -> String {
        tokens(text).filter { token in token.isQuoted || !["sort:", "columns:"].contains { token.text.lowercased().hasPrefix($0) && token.text.count > $0.count } }
            .map { $0.isQuoted || $0.text.contains(where: \.isWhitespace) ? quoted($0.text) : $0.text }.joined(separator: " ")
    }

    /// `client:"Larkfield Systems"`; a word that is quoted from its start stays one.
    private static func quoted(_ text: String) -> String {
        guard let colon = text.firstIndex(of: ":") else { return "\"\(text)\"" }
        return text[...colon] + "\"" + text[text.index(after: colon)...] + "\""
    }

    /// `<4h` in seconds; a day is 24 hours here, as on the wall.
    static func span(_ text: String) -> Int64? {
        var text = text[...]
        guard text.first == "<" else { return nil }
        text.removeFirst()
        guard let unit = text.popLast(), let number = Int64(text), (0...100_000).contains(number) else { return nil }
        switch unit {
        case "s": return number
        case "m": return number * 60
        case "h": return number * 3600
        case "d": return number * 86_400
        default: return nil
        }
    }

    /// Parts at white space, which quotes hold together: `client:"Larkfield Systems"`. One that is quoted from its start is a word.
    private static func tokens(_ text: String) -> [(text: String, isQuoted: Bool)] {
        var tokens: [(text: String, isQuoted: Bool)] = []
        var current = "", inQuotes = false, isQuoted = false
        for character in text {
            if character == "\"" {
                if current.isEmpty, !inQuotes { isQuoted = true }
                inQuotes.toggle()
            } else if character.isWhitespace, !inQuotes {
                if !current.isEmpty { tokens.append((current, isQuoted)) }
                (current, isQuoted) = ("", false)
            } else {
                current.append(character)
            }
        }
        if !current.isEmpty { tokens.append((current, isQuoted)) }
        return tokens
    }
}

extension Desk {
    /// What the store is asked, with names found out; nil where a name fits nobody, so that nothing can match.
    func ticketQuery(_ query: ListQuery, for person: Person) async throws -> TicketQuery? {
        var wanted = TicketQuery()
        wanted.statuses = query.statuses
        wanted.openOnly = query.isOpen
        wanted.escalated = query.isEscalated
        wanted.severity = query.severity
        wanted.department = query.department
        wanted.dueBefore = query.dueWithin.map { now() + $0 }
        if let sort = query.sort { wanted.sort = sort } else if !query.words.isEmpty { wanted.sort = .relevance }
        if !query.words.isEmpty { wanted.text = query.words.joined(separator: " ") }
        if let name = query.client {
            guard let client = try await client(name, for: person) else { return nil }
            wanted.client = client
        }
        switch query.assignee?.lowercased() {
        case nil: break
        case "me"?: wanted.assignee = person.id
        case "none"?: wanted.unassigned = true
        case let email?:
            guard let found = try await personByEmail(email), found.role.isStaff else { return nil }
            wanted.assignee = found.id
        }
        return wanted
    }

    /// A client by its id, its name, or the beginning of its name where that fits one only.
    func client(_ name: String, for person: Person) async throws -> Int64? {
        let clients = try await clients(for: person)
        if let id = Int64(name) { return clients.first { $0.id == id }?.id }
        let lower = name.lowercased()
        if let exact = clients.first(where: { $0.name.lowercased() == lower }) { return exact.id }
        let begun = clients.filter { $0.name.lowercased().hasPrefix(lower) }
        if begun.count > 1 { throw Refusal.input("client", "This fits several: \(begun.map(\.name).joined(separator: ", ")).") }
        return begun.first?.id
    }
}
