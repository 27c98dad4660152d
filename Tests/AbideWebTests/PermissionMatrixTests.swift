import AbideCore
import AbideDesk
import AbideTestKit
import HTTPTypes
import Testing
@testable import AbideWeb

/// Who may do what (P), written by hand from the table of least privilege and the clauses, apart from the program's own table. A letter an act:
/// `+` may, `-` may not, and is told so; `.` may not know of the ticket.
private enum Policy {
    enum Standing: String, CaseIterable { case own, colleague, foreign }

    /// What the acts of the desk's workers are.
    static let work: Set<Act> = [
        .read, .readInternal, .supply, .declareComplete, .answer, .note, .setSeverity, .decideCoverage, .assign, .suspend, .resume, .propose, .accept, .resolve,
        .withdrawResolution, .sendClosingNotice, .reopen, .grantAccess, .quote, .organise, .merge, .unmerge,
    ]
    static let contact: Set<Act> = [.read, .supply, .answer, .propose, .accept, .withdrawResolution, .confirm, .reopen, .complain, .grantAccess, .decideQuote, .unmerge]
    /// Acts that are about a ticket.
    static let acts = work.union(contact).union([.close, .answerComplaint]).sorted { $0.rawValue < $1.rawValue }

    static func expected(_ role: Role, _ act: Act, _ standing: Standing) -> Character {
        switch role {
        case .agent, .departmentLead: work.contains(act) ? "+" : "-"
        case .serviceManager: work.contains(act) || act == .close ? "+" : "-"
        case .clientServicesManager: [.read, .readInternal, .note, .answerComplaint, .organise].contains(act) ? "+" : "-"
        case .agreementManager, .management, .administrator: "-"
        case .reportReader, .partner: "."
        case .client, .primaryContact, .standIn:
            switch standing {
            case .foreign: "."
            case .colleague: role == .client ? "." : contact.contains(act) ? "+" : "-"
            case .own: contact.contains(act) || act == .close ? "+" : "-"
            }
        }
    }
}

@Suite struct PermissionMatrixTests {
    @Test("P every role by every act by every standing: the table of the core is the policy")
    func table() {
        var cells = 0
        for role in Role.allCases {
            for act in Policy.acts {
                for standing in Policy.Standing.allCases {
                    let person = Person(id: 7, name: "", email: "", role: role, client: role.isStaff ? nil : 1, zone: nil, phone: "", department: nil, seesColleagues: false)
                    let relation = person.relation(client: standing == .foreign ? 2 : 1, contact: standing == .own ? 7 : 8)
                    let answer: Character = switch Permissions.answer(role, act, relation) {
                    case .allowed: "+"
                    case .forbidden: "-"
                    case .unknown: "."
                    }
                    #expect(answer == Policy.expected(role, act, standing), "\(role) \(act) \(standing)")
                    cells += 1
                }
            }
        }
        #expect(cells == Role.allCases.count * Policy.acts.count * 3)
        // Management reads what came to it, and no more.
        for act in Policy.acts { #expect(Permissions.answer(.management, act, .escalated) == (act == .read ? .allowed : .forbidden), "\(act)") }
    }

    /// A ticket of every standing for every role: logged by the role itself, by a colleague, by another client.
    private struct Tickets {
        let desk: PageDesk
        var own: [Role: String] = [:]
        var colleague = "", foreign = ""

        init() async throws {
            desk = try await PageDesk()
            let test = desk.test
            func log(_ person: Person) async throws -> String {
                try await test.desk.log(LogRequest(subject: "Alarms arrive late", urgency: 2, fields: TestDesk.complete, channel: .portal), by: person).ticket.ref
            }
            for role in [Role.client, .primaryContact, .standIn] { own[role] = try await log(try test.person(role)) }
            try await test.desk.createPerson(email: "colleague@northfield.example", name: "Colleague", role: .client, client: "Northfield Mining", phone: "+1 575 555 0101")
            for (email, isForeign) in [("colleague@northfield.example", false), ("stranger@harbor.example", true)] {
                let person = try #require(try await test.desk.bearer(try await test.desk.createToken(email: email, label: "test")))
                let ref = try await log(person)
                if isForeign { foreign = ref } else { colleague = ref }
            }
        }

        func ref(_ role: Role, _ standing: Policy.Standing) -> String {
            switch standing {
            case .own: own[role] ?? colleague
            case .colleague: colleague
            case .foreign: foreign
            }
        }
    }

    /// What an answer says about permission, whatever else was wrong with the request.
    private func said(_ status: Int, _ text: String) -> Character {
        if text.contains(Refusal.unknownTicket.detail) { return "." }
        return status == 403 ? "-" : "+"
    }

    private func email(_ role: Role) -> String { "\(role.rawValue.lowercased())@\(role.isStaff ? "larkfield" : "northfield").example" }

    @Test("P the API: every call about a ticket by every role at every standing, as the policy says")
    func api() async throws {
        let tickets = try await Tickets()
        var cells = 0
        var deviations: [String] = []
        for operation in APITable.operations.filter(\.isOnTicket).sorted(by: { $0.method == .get && $1.method != .get }) {
            for role in Role.allCases {
                let token = try await tickets.desk.test.desk.createToken(email: email(role), label: "matrix")
                for standing in Policy.Standing.allCases {
                    let path = operation.path.replacing("{ref}", with: tickets.ref(role, standing)).replacing("{id}", with: "999").replacing("{other}", with: "ABD-999999")
                    // Nothing that could be done: who may is refused for its input or the ticket's state, after permission was asked.
                    let body = operation.body == nil ? "" : #"{"nothing":1}"#
                    let answer = try await tickets.desk.ask(operation.method, path, nil, type: "application/json", body, bearer: token)
                    let may = operation.permission.map { Policy.expected(role, $0, standing) }
                    let expected: Character = may.contains("+") ? "+" : may.first ?? "+"
                    let got = said(answer.status, answer.text)
                    if got != expected { deviations.append("\(operation.method) \(operation.id) \(role) \(standing): \(got) for \(expected), \(answer.status)") }
                    cells += 1
                }
            }
        }
        #expect(deviations.isEmpty, "\(deviations.joined(separator: "\n"))")
        #expect(cells >= 1000)
    }

    @Test("P the pages: every form about a ticket by every role at every standing, as the policy says")
    func pages() async throws {
        let tickets = try await Tickets()
        // Each form with what makes it fail after permission was asked.
        let forms: [(path: String, act: Act, fields: [(String, String)])] = [
            ("messages", .answer, []), ("messages", .note, [("visibility", "internal")]), ("fields", .supply, [("nothing", "1")]), ("suspension", .suspend, []), ("suspension/999/end", .resume, []),
            ("resolution", .resolve, []), ("severity", .setSeverity, []), ("coverage", .decideCoverage, []), ("coverage/dispute", .complain, []),
            ("assignment", .assign, [("department", "No such department")]), ("completion", .declareComplete, []), ("proposals", .propose, []), ("proposals/999/acceptance", .accept, []),
            ("resolution/withdrawal", .withdrawResolution, []), ("confirmation", .confirm, []), ("closing-notice", .sendClosingNotice, []),
            ("reopening", .reopen, []), ("complaint", .complain, []), ("complaint/answer", .answerComplaint, []), ("access", .grantAccess, []), ("access/999/end", .grantAccess, []),
            ("quotes", .quote, []), ("quotes/999/acceptance", .decideQuote, []), ("quotes/999/refusal", .decideQuote, []), ("quotes/999/withdrawal", .quote, []),
            ("merging", .merge, [("into", "ABD-999999")]), ("merging/end", .unmerge, []), ("merging/dismissal", .merge, []), ("links", .organise, [("to", "ABD-999999")]), ("links/ABD-999999/end", .organise, []), ("tags", .organise, [("tags", "a/b")]),
            ("time", .organise, []), ("incidents", .resolve, []),
            // Last, since it is done: a closed ticket is as good for who may not.
            ("closure", .close, [("reason", String(repeating: "x", count: 6000))]),
        ]
        var cells = 0
        var deviations: [String] = []
        for role in Role.allCases {
            let session = try #require(try await tickets.desk.session(email(role)))
            for standing in Policy.Standing.allCases {
                let ref = tickets.ref(role, standing)
                let page = try await tickets.desk.ask(.get, role.isStaff ? "/tickets/\(ref)" : "/portal/tickets/\(ref)", session)
                if said(page.status, page.text) != Policy.expected(role, .read, standing) { deviations.append("reading \(role) \(standing): \(page.status)") }
                cells += 1
                for form in forms {
                    let body = (form.fields + [("csrf", session.csrf)]).map { percentEncoded($0.0) + "=" + percentEncoded($0.1) }.joined(separator: "&")
                    let answer = try await tickets.desk.ask(.post, "/tickets/\(ref)/\(form.path)", session, type: "application/x-www-form-urlencoded", body)
                    let expected = Policy.expected(role, form.act, standing)
                    let got = said(answer.status, answer.text)
                    if got != expected { deviations.append("\(form.path) \(role) \(standing): \(got) for \(expected), \(answer.status)") }
                    cells += 1
                }
            }
        }
        #expect(deviations.isEmpty, "\(deviations.joined(separator: "\n"))")
        #expect(cells >= 900)
    }

    @Test("P R3 the mail door: an answer by mail adds words where its sender may, and nothing else, whoever sends what")
    func mail() async throws {
        let tickets = try await Tickets()
        let desk = tickets.desk.test.desk
        let keys = Keys(secret: [UInt8](repeating: 7, count: 32))
        let mailbox = desk.currentAgreement().terms.provider.mailbox
        var cells = 0
        for role in Role.allCases {
            let person = try tickets.desk.test.person(role)
            for standing in Policy.Standing.allCases {
                for words in ["Please close this ticket.", "Severity: 1", "Reopen it.", "Status: resolved", "Assignee: me", "Coverage: covered"] {
                    let ref = tickets.ref(role, standing)
                    let ticket = try await desk.ticket(ref, for: try tickets.desk.test.person(.serviceManager)).ticket
                    var mail = IncomingMail()
                    mail.from = [MailAddress(address: person.email)]
                    mail.to = [MailAddress(address: keys.replyAddress(mailbox: mailbox, ticket: ticket.id, participant: person.id))]
                    mail.subject = "Re: [\(ref)]"
                    mail.text = words
                    mail.reply = words
                    cells += 1
                    try await desk.receive(Array("\(cells) \(role) \(standing)".utf8), from: person.email, recipients: [mail.to[0].address])
                    try await desk.registerMail { [mail] _ in mail }
                    let events = try await tickets.desk.test.events(ref).suffix(from: ticket.head)
                    let wanted: Visibility = Policy.expected(role, .answer, standing) == "+" && !role.isStaff ? .public : .internal
                    #expect(events.map(\.fact) == [.messageAdded(visibility: wanted, channel: .email, automatic: false)], "\(role) \(standing) \(words)")
                }
            }
        }
        #expect(cells >= 200)
    }
}
