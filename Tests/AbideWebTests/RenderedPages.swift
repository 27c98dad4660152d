import AbideCore
import Foundation
import NIOCore
import Testing
@testable import AbideWeb

/// Every page with the example of the pictures. With `ABIDE_RENDER_DIR` set they are written there, in both themes, to be looked at.
enum RenderedPages {
    static let all: [(name: String, html: HTML)] = {
        let staff = Example.page(Example.maya, live: "/live?list"), luis = Example.page(Example.luis)
        let stopped = Example.clock(.resolution, start: Example.at(10, 14, 31), target: 18, suspended: [(Example.at(11, 11, 10), Example.at(12, 8, 45))], stopped: Example.at(13, 11, 20), at: Example.at(13, 11, 40))
        let later = Example.page(Example.luis, at: Example.at(13, 11, 40))
        func portal(_ ticket: TicketView) -> PortalTicketView {
            PortalTicketView(ticket: ticket, site: "Sierra Alta, Pit 4", logger: "Luis Ferreira", readerIsLogger: true, complaintsTo: "Andrew Lindqvist, client services manager", complaintWithin: "1 working day", resolvedBy: ticket.status == .resolved ? "Maya Torres" : nil, resolvedAt: ticket.status == .resolved ? Example.at(13, 11, 20) : nil)
        }
        let clientActs: Set<TicketAct> = [.reply, .close, .propose, .complain]
        var refused = Example.page(Example.maya)
        refused.refusal = RefusalView(title: "This ticket is not closed.", text: "Only Luis Ferreira, who logged it, or the service manager can close it.", clause: "N1")
        var emptyList = Example.list
        emptyList.rows = []
        emptyList.title = "Mine"
        var registered = Example.ticket(Example.notStarted, response: Example.notStarted, status: .registered, may: [.reply, .note, .complete, .supply, .assign])
        registered.missing = ["Phone", "Site"]
        registered.missingFields = intake.filter { ["phone", "site"].contains($0.name) }
        let missedResponse = Example.clock(.response, start: Example.at(11, 9), target: 9, steps: [PromiseStep(at: Example.at(12, 9), done: true, who: "department lead"), PromiseStep(at: Example.at(12, 13), done: false, who: "service manager")])
        let none = Example.clock(.resolution, start: Example.at(11, 9), target: nil)
        return [
            ("list", Pages.ticketList(Example.list, staff)),
            ("empty", Pages.ticketList(emptyList, staff)),
            ("ticket", Pages.ticket(Example.ticket(may: Example.staffActs), Example.page(Example.maya))),
            ("ticket-missed", Pages.ticket(Example.ticket(none, response: missedResponse, may: Example.staffActs), refused)),
            ("ticket-registered", Pages.ticket(registered, staff)),
            ("ticket-portal", Pages.portalTicket(portal(Example.ticket(may: clientActs)), luis)),
            ("ticket-portal-registered", Pages.portalTicket(portal(registered), luis)),
            ("ticket-portal-resolved", Pages.portalTicket(portal(Example.ticket(stopped, status: .resolved, may: [.reply, .close, .withdrawResolution, .complain], at: Example.at(13, 11, 40))), later)),
            ("portal", Pages.portalHome(home, luis)),
            ("log", Pages.logForm(form, luis)),
            ("log-staff", Pages.logForm(staffForm, staff)),
            ("supply", Pages.supplyForm(SupplyFormView(ref: "ABD-1053", subject: "Screen frozen again", fields: registered.missingFields, values: [:], suggestions: [:], errors: ["phone": "A phone number has at least six digits."], action: "/tickets/ABD-1053/fields"), luis)),
            ("report", Pages.report(report, Example.page(Example.maya))),
            ("sign-in", Pages.signIn(SignInView(email: "", error: nil, next: nil, axis: Example.line.axis, openUntil: Example.at(12, 17), opensAt: nil), Example.page(nil))),
            ("sign-in-wrong", Pages.signIn(SignInView(email: "maya", error: "The name or the password is not right.", next: "/tickets", axis: nil, openUntil: nil, opensAt: nil), Example.page(nil))),
            ("error", Pages.error(ErrorView(status: 404, title: "There is no such ticket.", text: "It may have been mistyped, or you may not see it. Nothing was lost.", acts: [("Promised next", "/tickets")], reference: "7Q4M-2K"), staff)),
            ("outbox", Pages.outbox(OutboxView(rows: [mailRow], notice: "No relay is set: mails are kept here and nothing leaves.", next: nil), staff)),
            ("outbox-mail", Pages.outboxMail(OutboxMailView(row: mailRow, headers: [("From", "Larkfield Support <support@larkfield.example>"), ("To", "Luis Ferreira <luis.ferreira@northfield.example>"), ("X-Abide-Ticket", "ABD-1042")], text: "Your ticket is running again.", html: "<h1>Your ticket is running again.</h1>", detail: ""), staff)),
            ("clocks", Pages.clocks(ref: "ABD-1042", subject: "Conveyor alarms arrive 20 minutes late", clocks: [Example.answered, Example.conveyor], agreement: "Support eService, version 3", staff)),
            ("agreement", Pages.agreement(AgreementPageView(terms: terms), staff)),
            ("styleguide", Pages.styleguide(Example.page(Example.maya))),
        ]
    }()

    static let mailRow = OutboxRow(href: "/outbox/1", to: "luis.ferreira@northfield.example", subject: "Resumed: conveyor alarms arrive 20 minutes late [ABD-1042]", milestone: "resumed", ref: "ABD-1042", state: .kept, at: Example.at(12, 8, 46))

    static let intake = [
        IntakeField(name: "name", label: "Your name", help: "", required: true, fromProfile: true, multiline: false, aliases: []),
        IntakeField(name: "company", label: "Company", help: "", required: true, fromProfile: true, multiline: false, aliases: []),
        IntakeField(name: "phone", label: "Phone", help: "", required: true, fromProfile: true, multiline: false, aliases: []),
        IntakeField(name: "project", label: "Project", help: "", required: true, fromProfile: false, multiline: false, aliases: []),
        IntakeField(name: "site", label: "Site", help: "", required: true, fromProfile: false, multiline: false, aliases: []),
        IntakeField(name: "environment", label: "What changed recently?", help: "Updates, network, people. Write “nothing” if nothing did.", required: true, fromProfile: false, multiline: true, aliases: []),
        IntakeField(name: "description", label: "Describe it", help: "", required: true, fromProfile: false, multiline: true, aliases: []),
        IntakeField(name: "actionsTaken", label: "What have you tried?", help: "", required: false, fromProfile: false, multiline: true, aliases: []),
    ]

    static let severities = [
        SeverityChoice(number: 1, name: "Critical", description: "Everything is down, or no data arrives, and it cannot wait", firstAnswer: Example.at(12, 12, 42)),
        SeverityChoice(number: 2, name: "Urgent", description: "Something that cannot wait fails, the rest still works", firstAnswer: Example.at(13, 10, 42)),
        SeverityChoice(number: 3, name: "Routine", description: "Something that can wait a few days does not work", firstAnswer: Example.at(17, 10, 42)),
        SeverityChoice(number: 4, name: "General", description: "A question, advice, or a wish for a change", firstAnswer: nil),
    ]

    static let form = LogFormView(
        fields: intake, values: ["name": "Luis Ferreira", "company": "Northfield Mining", "phone": "+1 575 555 0142", "project": "Fleet map", "description": "Since this morning two loaders in Pit 2 jump between the ramp and the dump every few seconds."],
        subject: "Loader positions jump on the map", urgency: 2, severities: severities, suggestions: ["site": ["Sierra Alta, Pit 4"]], errors: [:],
        contact: PersonView(name: "Luis Ferreira", isStaff: false, email: "luis.ferreira@northfield.example", phone: "+1 575 555 0142", note: "Northfield Mining"), axis: Axis(open: Example.open(Example.now, Example.at(13, 17)), now: Example.now, size: .medium), once: "1")

    static let staffForm: LogFormView = {
        var view = form
        view.contact = nil
        view.callers = [Choice(value: "luis.ferreira@northfield.example", label: "Luis Ferreira, Northfield Mining")]
        view.channels = [Choice(value: "phone", label: "By phone"), Choice(value: "meeting", label: "In a meeting")]
        view.errors = ["site": "A site is needed before the clock can start."]
        return view
    }()

    static let home: PortalHomeView = {
        let other = Example.clock(.response, start: Example.at(12, 9, 20), target: 27)
        return PortalHomeView(
            client: "Northfield Mining",
            waiting: [
                PortalWaiting(ref: "ABD-1033", subject: "Shift report counts night totals twice", reason: .confirm(by: "Maya Torres", at: Example.at(12, 10, 5), mayClose: true, logger: "Luis Ferreira")),
                PortalWaiting(ref: "ABD-1040", subject: "Crusher page asks to sign in every ten minutes", reason: .suspended(reason: "Waits for access", note: "May we sign in to ALTA-WEB-01?", since: Example.at(11, 15, 20))),
            ],
            working: [
                PortalRow(ref: "ABD-1042", subject: "Conveyor alarms arrive 20 minutes late", assignee: "Maya Torres", promise: Example.conveyor, axis: Axis.ticket([Example.conveyor], now: Example.now, words: Example.dallas, size: .small, open: Example.open)),
                PortalRow(ref: "ABD-1051", subject: "Haul cycle report misses the last trip", assignee: nil, promise: other, axis: Axis.ticket([other], now: Example.now, words: Example.dallas, size: .small, open: Example.open)),
            ],
            closed: [PortalRow(ref: "ABD-1018", subject: "Second screen in the control room", promise: Example.answered, axis: Example.line.axis, closedBy: "you", closedAt: Example.at(6, 12), mayReopen: true)], reports: "/reports", standing: "You see all tickets of Northfield Mining.")
    }()

    static let report: ReportView = {
        let late = Example.clock(.response, start: Example.at(3, 9, 20), target: 9, stopped: Example.at(4, 11, 19), steps: [PromiseStep(at: Example.at(4, 9, 20), done: true, who: "department lead")])
        return ReportView(
            client: "Harbor Chemicals", from: "2026-03-01", to: "2026-03-12", fromDay: Example.at(1, 8), toDay: Example.at(12, 8), clients: [Choice(value: "1", label: "Harbor Chemicals", isChosen: true), Choice(value: "2", label: "Northfield Mining")], agreement: "Support eService, version 3",
            severities: [
                ReportSeverity(number: 1, name: "Critical", target: "2 working hours", hasDeadline: true, logged: 3, inTime: 3, late: 0, resolvedInTime: 3, resolvedLate: 0, escalated: 0, reopened: 0),
                ReportSeverity(number: 2, name: "Urgent", target: "1 working day", hasDeadline: true, logged: 8, inTime: 7, late: 1, resolvedInTime: 6, resolvedLate: 1, escalated: 2, reopened: 1),
                ReportSeverity(number: 3, name: "Routine", target: "3 working days", hasDeadline: true, logged: 10, inTime: 10, late: 0, resolvedInTime: 8, resolvedLate: 0, escalated: 0, reopened: 0),
                ReportSeverity(number: 4, name: "General", target: "as soon as possible", hasDeadline: false, logged: 3, inTime: 0, late: 0, resolvedInTime: 0, resolvedLate: 0, escalated: 0, reopened: 0),
            ],
            misses: [ReportMiss(ref: "ABD-0961", subject: "Tank level freezes on page 4", severity: 2, promise: late, axis: Axis.ticket([late], now: Example.now, words: Example.dallas, size: .small, open: Example.open), over: 7140, told: late.steps)],
            missed: 2, escalated: 2, reopened: 1, files: [])
    }()

    static let terms = AgreementTerms(
        name: "Support eService", version: 3, provider: Provider(name: "Larkfield Systems", place: "Dallas", zone: "America/Chicago", mailbox: "support@larkfield.example"),
        calendars: [CalendarTerms(name: "Dallas", zone: "America/Chicago", week: Array(repeating: [DayHours(open: 28_800, close: 61_200)], count: 5) + [[], []], holidayRules: ["us-federal"], holidays: [], exceptions: [], nominalDay: nil)],
        severities: [
            SeverityTerms(number: 1, name: "Critical", description: "The solution is down or can’t reach data, and it is time-critical", calendar: "Dallas", response: .within(.seconds(7200), .rolling), resolution: .agreed, warning: nil),
            SeverityTerms(number: 2, name: "Urgent", description: "A time-critical function fails, the rest is usable", calendar: "Dallas", response: .within(.workingDays(1), .rolling), resolution: .agreed, warning: nil),
            SeverityTerms(number: 4, name: "General", description: "Advice, or a request for a change", calendar: "Dallas", response: .asap, resolution: .asap, warning: nil),
        ], intake: intake, departments: [DepartmentTerms(name: "Process data")],
        suspensionReasons: [SuspensionReason(name: "accessAwaited", label: "Access to staff or servers is missing", waitsForClient: true, endsWithAnswer: false), SuspensionReason(name: "answerAwaited", label: "The client’s answer is awaited", waitsForClient: true, endsWithAnswer: true)],
        severityChange: .carry, provisionalSeverity: 3,
        ladders: Ladders(response: [Rung(after: .seconds(0), notify: [.departmentLead], tellClient: true), Rung(after: .seconds(14_400), notify: [.serviceManager], tellClient: true)], resolution: [Rung(after: .seconds(0), notify: [.departmentLead], tellClient: true)]),
        coverage: [CoverageRule(name: "M1", description: "Platform incident, subscription paid.", when: [:], decision: .covered)],
        closing: ClosingTerms(feedbackWithin: .workingDays(5), noticePeriod: .workingDays(2)), reopening: ReopeningTerms(response: .restart, resolution: .carry), complaintAnswer: .workingDays(1), catchUpGraceSeconds: 60, defaultCalendar: "Dallas", digest: "9f3c71ae04d2b8e6aa")
}

@Suite struct PageTests {
    @Test("Every page is whole, carries no script or style of its own, and stays light")
    func pagesAreWhole() throws {
        func names(_ pattern: some RegexComponent<(Substring, Substring)>, in text: String) -> Set<Substring> { Set(text.matches(of: pattern).map(\.1)) }
        func classes(_ text: String) -> Set<Substring> { Set(text.matches(of: /class="([^"]*)"/).flatMap { $0.1.split(separator: " ") }) }
        func known(_ file: String) -> Set<Substring> { names(/\.([a-zA-Z][\w-]*)/, in: String(decoding: Assets.files[file]?.bytes ?? [], as: UTF8.self)) }
        let heavy = known("pages.css").subtracting(known("abide.css"))
        for (name, html) in RenderedPages.all {
            let text = html.string
            #expect(text.hasSuffix("</body></html>"), "\(name)")
            #expect(!text.contains(" style=\""), "\(name)")
            #expect(!text.contains("<style") && !text.contains("javascript:"), "\(name)")
            #expect(text.components(separatedBy: "<script").count == 2, "\(name)")
            let forms = text.components(separatedBy: "method=\"post\"").count, tokens = text.components(separatedBy: "name=\"csrf\"").count
            #expect(forms == tokens, "\(name): every form that changes something carries the token")
            // With the files that it names; the style guide shows every part at once, as the page of states did before it.
            let files = Assets.files.filter { text.contains(Assets.path($0.key)) || ($0.key == "composer.js" && text.contains("id=\"composer\"")) }
            let travels = ([html.bytes] + files.values.map(\.bytes)).reduce(0) { $0 + (Gzip.compress(ByteBuffer(bytes: $1))?.readableBytes ?? $1.count) }
            #expect(files.count >= 3 && (name == "styleguide" || travels < 50_000), "\(name): \(travels) bytes")
            if files["pages.css"] == nil { #expect(classes(text).isDisjoint(with: heavy), "\(name) wears \(classes(text).intersection(heavy)), which only pages.css knows") }
        }
        guard let folder = ProcessInfo.processInfo.environment["ABIDE_RENDER_DIR"] else { return }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let css = ["abide.css", "pages.css"].map { String(decoding: Assets.files[$0]?.bytes ?? [], as: UTF8.self) }.joined()
        for (name, html) in RenderedPages.all {
            var text = html.string
            if let range = text.range(of: "<link rel=\"stylesheet\"[^>]*>", options: .regularExpression) { text.replaceSubrange(range, with: "<style>\(css)</style>") }
            try text.write(toFile: "\(folder)/\(name).html", atomically: true, encoding: .utf8)
        }
    }
}
