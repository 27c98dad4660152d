import AbideCore
import AbideDesk

/// The search language of lists: `status:open client:"Larkfield" severity:1 assignee:me department:Support is:escalated due:<4h`,
/// and words, which are looked for in reference, subject, client, messages, fields and names of files. A name that isn't one of these is a word.
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
            default: words.append(token.text)
            }
        }
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

extension Web {
    /// What the store is asked, with names found out; nil where a name fits nobody, so that nothing can match.
    func ticketQuery(_ query: ListQuery, for person: Person) async throws -> TicketQuery? {
        var wanted = TicketQuery()
        wanted.statuses = query.statuses
        wanted.openOnly = query.isOpen
        wanted.escalated = query.isEscalated
        wanted.severity = query.severity
        wanted.department = query.department
        wanted.dueBefore = query.dueWithin.map { desk.now() + $0 }
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
            guard let found = try await desk.personByEmail(email), found.role.isStaff else { return nil }
            wanted.assignee = found.id
        }
        return wanted
    }

    /// A client by its id, its name, or the beginning of its name where that fits one only.
    func client(_ name: String, for person: Person) async throws -> Int64? {
        let clients = try await desk.clients(for: person)
        if let id = Int64(name) { return clients.first { $0.id == id }?.id }
        let lower = name.lowercased()
        if let exact = clients.first(where: { $0.name.lowercased() == lower }) { return exact.id }
        let begun = clients.filter { $0.name.lowercased().hasPrefix(lower) }
        if begun.count > 1 { throw Refusal.input("client", "This fits several: \(begun.map(\.name).joined(separator: ", ")).") }
        return begun.first?.id
    }
}
