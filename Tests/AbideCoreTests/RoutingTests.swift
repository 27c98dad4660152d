import AbideCore
import Testing

@Suite("Kinds of request and routing")
struct RoutingTests {
    private static func facts(_ text: String, kind: String? = nil, client: String? = nil) -> RoutingFacts {
        RoutingFacts(kind: kind, category: nil, client: client, mailbox: "support@x.example", channel: .email, severity: 3, text: text)
    }

    private static let terms: AgreementTerms = {
        var terms = AgreementTerms(
            name: "A", version: 1, provider: Provider(name: "P", place: "D", zone: "UTC", mailbox: "support@x.example"), calendars: [], severities: [], intake: [],
            departments: [DepartmentTerms(name: "Desk"), DepartmentTerms(name: "Network"), DepartmentTerms(name: "Screens")], suspensionReasons: [], severityChange: .carry,
            provisionalSeverity: 3, ladders: Ladders(response: [], resolution: []), coverage: [], closing: ClosingTerms(feedbackWithin: .seconds(1), noticePeriod: .seconds(1)),
            reopening: ReopeningTerms(response: .restart, resolution: .carry), complaintAnswer: .seconds(1), catchUpGraceSeconds: 1, defaultCalendar: "", digest: "")
        terms.kinds = [
            RequestKind(name: "incident", label: "It fails", proposes: Proposals(facts: ["kind": "platform"]), categories: [
                RequestCategory(name: "line", label: "Data line", proposes: Proposals(severity: 1, department: "Network")),
            ]),
            RequestKind(name: "question", label: "A question", proposes: Proposals(severity: 4, department: "Screens")),
        ]
        terms.defaultKind = "incident"
        terms.routing = [
            RoutingRule(name: "mine", when: RoutingConditions(clients: ["Northfield"]), tags: ["north"]),
            RoutingRule(name: "screens", when: RoutingConditions(words: ["screen", "log in"]), department: "Screens", tags: ["screen"]),
            RoutingRule(name: "late", when: RoutingConditions(clients: ["Northfield"], words: ["screen"]), department: "Network", assignee: "a@x.example"),
        ]
        return terms
    }()

    @Test("The first rule that fits and names a department decides it, tags add up, words are whole")
    func order() {
        let route = Self.terms.route(Self.facts("The screen is black", client: "northfield"), proposals: Proposals())
        #expect(route.department == "Screens" && route.assignee == "a@x.example" && route.tags == ["north", "screen"] && route.rules == ["mine", "screens", "late"])
        #expect(Self.terms.route(Self.facts("I cannot log\n in."), proposals: Proposals()).department == "Screens")
        #expect(Self.terms.route(Self.facts("Screening in the blog inn"), proposals: Proposals()).department == "Desk")
    }

    @Test("C5, M kind and category propose severity, department and facts; the category's win")
    func proposals() {
        let line = Self.terms.proposals(fields: ["category": "data LINE"])
        #expect(line.kind?.name == "incident" && line.category?.name == "line")
        #expect(line.proposals == Proposals(severity: 1, department: "Network", facts: ["kind": "platform"]))
        #expect(Self.terms.proposals(fields: ["kind": "A question"]).proposals.severity == 4)
        #expect(Self.terms.proposals(fields: [:]).kind?.name == "incident")
        #expect(Self.terms.route(Self.facts("Hello"), proposals: line.proposals).department == "Network")
    }
}
