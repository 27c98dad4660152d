import AbideCore
@testable import AbideWeb

/// The desk of the pictures: Thursday 12 March 2026, 10:42 in Dallas; open Monday to Friday, 08:00 to 17:00.
enum Example {
    static let dallas = StyleSample.dallas
    static let mountain = TimeWords(place: "Mountain Time", offset: { _ in -6 * 3600 })
    static let now = at(12, 10, 42)

    static func at(_ day: Int64, _ hour: Int64, _ minute: Int64 = 0) -> Instant { StyleSample.at(day, hour, minute) }
    static func open(_ from: Instant, _ to: Instant) -> [(from: Instant, to: Instant)] { StyleSample.open(from, to) }

    static func clock(
        _ kind: PromiseKind, start: Instant, target hours: Double?, suspended: [(Instant, Instant)] = [], stopped: Instant? = nil,
        steps: [PromiseStep] = [], reason: String = "accessAwaited", at now: Instant = now
    ) -> PromiseLineView { StyleSample.clock(kind, start: start, target: hours, suspended: suspended, stopped: stopped, steps: steps, reason: reason, at: now) }

    static let notStarted = PromiseLineView(
        kind: .response,
        reading: ClockReading(state: .notStarted, outcome: nil, targetSeconds: 32_400, startedAt: nil, due: nil, stoppedAt: nil, usedSeconds: 0, leftSeconds: nil, dueSoon: false),
        intervals: [], missing: ["Phone", "Site"])

    static let maya = PersonView(name: "Maya Torres", isStaff: true, email: "maya.torres@larkfield.example")
    static let priya = PersonView(name: "Priya Nair", isStaff: true)
    static let dana = PersonView(name: "Dana Whitlock", isStaff: false, email: "dana.whitlock@northfield.example", phone: "+1 575 555 0100", note: "primary contact")
    static let luis = PersonView(name: "Luis Ferreira", isStaff: false, email: "luis.ferreira@northfield.example", phone: "+1 575 555 0142", note: "stand-in contact")

    static func page(_ user: PersonView?, at now: Instant = now, live: String? = nil) -> PageContext {
        let isStaff = user?.isStaff == true
        return PageContext(
            now: now, words: isStaff || user == nil ? dallas : mountain, desk: dallas, provider: "Larkfield Systems", mailbox: "support@larkfield.example",
            csrf: "token", user: user,
            navigation: isStaff
                ? [
                    NavGroup(items: [
                        NavItem(title: "Promised next", href: "/tickets", icon: .flag, count: 14, isCurrent: true), NavItem(title: "Mine", href: "/tickets?assignee=me", icon: .person, count: 8),
                        NavItem(title: "Unassigned", href: "/tickets?assignee=none", icon: .inbox, count: 3), NavItem(title: "Awaiting client", href: "/tickets?status=awaitingClient", icon: .clock, count: 4),
                    ]),
                    NavGroup(title: "Clients", items: [NavItem(title: "Northfield Mining", href: "/tickets?client=1", icon: .building, count: 4), NavItem(title: "Harbor Chemicals", href: "/tickets?client=2", icon: .building, count: 6)]),
                    NavGroup(title: "Desk", items: [NavItem(title: "Reports", href: "/reports", icon: .chart), NavItem(title: "Agreement", href: "/agreement", icon: .document), NavItem(title: "Outbox", href: "/outbox", icon: .mail)]),
                ]
                : [NavGroup(items: [NavItem(title: "Tickets", href: "/", icon: .flag, isCurrent: true), NavItem(title: "Reports", href: "/reports", icon: .chart), NavItem(title: "Our agreement", href: "/agreement", icon: .document)])],
            live: live, toast: nil, refusal: nil, agreement: "agreement version 3")
    }

    static let line = PromiseLine.List(axis: Axis.list(now: now, words: dallas, open: open), words: dallas)
    static func drawn(_ row: TicketRow) -> DrawnRow { DrawnRow(row, line: line, words: dallas, now: now) }

    static let list = TicketListView(
        title: "Promised next", rows: rows.map(drawn), line: line, hours: "Dallas hours, Mon to Fri 08:00–17:00", filters: ["Open"], query: "", next: nil, mayLog: true, total: nil)

    static let rows: [TicketRow] = {
        let h: (Double) -> Double? = { $0 }
        func row(_ n: Int, _ subject: String, _ client: String, _ severity: Int?, _ who: String?, _ promise: PromiseLineView, unread: Bool = false) -> TicketRow {
            let names = [1: "Critical", 2: "Urgent", 3: "Routine", 4: "General"]
            return TicketRow(ref: "ABD-\(n)", subject: subject, client: client, severity: severity, severityName: severity.flatMap { names[$0] } ?? "", assignee: who.map { PersonView(name: $0, isStaff: true) }, isUnread: unread, promise: promise)
        }
        let missed = [PromiseStep(at: at(11, 16), done: true, who: "department lead"), PromiseStep(at: at(12, 11), done: false, who: "service manager"), PromiseStep(at: at(12, 16), done: false, who: "management")]
        return [
            row(1042, "Conveyor alarms arrive 20 minutes late", "Northfield Mining · Sierra Alta, Pit 4", 2, "Maya Torres", conveyor),
            row(1029, "Furnace stream drops one tag in forty", "Calder Steel · Gary works", 2, "Devon Price", clock(.resolution, start: at(9, 16), target: 18, steps: missed)),
            row(1050, "Reactor 3 overview shows no data", "Harbor Chemicals · Bayport", 1, "Priya Nair", clock(.response, start: at(12, 9, 4), target: 2), unread: true),
            row(1049, "Batch report leaves out the last step", "Kestrel Foods · Plant 2", 2, "Sam Okafor", clock(.response, start: at(11, 11, 55), target: 9)),
            row(1048, "Two kilns report the same serial number", "Ostrava Cement · Line 1", 2, "Lena Brandt", clock(.response, start: at(11, 13, 40), target: h(9))),
            row(1046, "Connector to the weighbridge restarts hourly", "Calder Steel · Gary works", 2, nil, clock(.response, start: at(11, 16, 20), target: 9)),
            row(1052, "Historian backfill stops at midnight", "Harbor Chemicals · Bayport", 2, nil, clock(.response, start: at(12, 10, 5), target: 9), unread: true),
            row(1038, "Dosing trend is blank above 400 points", "Harbor Chemicals · Freeport", 3, "Priya Nair", clock(.resolution, start: at(10, 15, 30), target: 27)),
            row(1061, "Recipe names lose their umlauts", "Kestrel Foods · Plant 2", 3, "Priya Nair", clock(.response, start: at(12, 9, 30), target: 27)),
            row(1040, "Crusher page asks to sign in every ten minutes", "Northfield Mining · Sierra Alta, Pit 2", 2, "Maya Torres", clock(.resolution, start: at(11, 8), target: 18, suspended: [(at(11, 15, 20), at(30, 8))])),
            row(1053, "“Screen frozen again, please call”", "Brazos Water District", nil, nil, notStarted, unread: true),
            row(1031, "How do we add a second approver to a recipe?", "Kestrel Foods · Plant 2", 4, "Lena Brandt", clock(.response, start: at(11, 15), target: nil)),
        ]
    }()

    static let ladder = [PromiseStep(at: at(13, 12, 6), done: false, who: "department lead"), PromiseStep(at: at(13, 16, 6), done: false, who: "service manager")]
    static let conveyor = clock(.resolution, start: at(10, 14, 31), target: 18, suspended: [(at(11, 11, 10), at(12, 8, 45))], steps: ladder)
    static let answered = clock(.response, start: at(10, 14, 31), target: 9, stopped: at(10, 15, 48))

    static func ticket(_ resolution: PromiseLineView = conveyor, response: PromiseLineView = answered, status: TicketView.Status = .open, may: Set<TicketAct>, at now: Instant = now) -> TicketView {
        TicketView(
            ref: "ABD-1042", subject: "Conveyor alarms arrive 20 minutes late", status: status, severity: 2, severityName: "Urgent", severityIsProvisional: false, client: "Northfield Mining",
            contact: dana, assignee: maya, department: "Process data", registeredAt: at(10, 14, 5), response: response, resolution: resolution,
            axis: Axis.ticket([response, resolution], now: now, words: dallas, open: open), missing: [], missingFields: [],
            facts: [("Site", "Sierra Alta, Pit 4"), ("Project", "Conveyor health"), ("Partner", "Orebody Integrators")], suspensions: [],
            coverage: CoverageView(decision: "Covered", reason: "Platform incident, subscription paid.", rule: "M1"), agreement: "Support eService, version 3",
            timeline: [
                .message(MessageView(id: "m1", kind: .client, author: dana, via: "Northfield Mining, by e-mail", at: at(10, 14, 5), body: "<p>Since Tuesday’s patch window the conveyor alarms for Pit 4 show up about 20 minutes late. The control room sees the belt stop before the page does. We can run from the panels, but the night shift relies on the page.</p>", attachments: [AttachmentView(name: "alarm-log-pit4.csv", href: "/attachments/1", size: 184_000)])),
                .event(EventView(number: 1, type: "registered", at: at(10, 14, 5), sentence: "Registered. Phone number and site missing; Dana was asked for both")),
                .event(EventView(number: 2, type: "correctlyLogged", at: at(10, 14, 31), sentence: "Correctly logged by Dana with the short form. Both clocks start")),
                .message(MessageView(id: "m2", kind: .ours, author: maya, via: "to Dana Whitlock", at: at(10, 15, 48), body: "<p>Dana, I can see it too. The alarm stream on ALTA-APP-02 has been falling behind since 02:10 on Tuesday, right after the restart. The page itself is fine; what it reads is old.</p><p>I would like to look at the queue on the server. Could you confirm that our access to ALTA-APP-02 still stands?</p>")),
                .event(EventView(number: 3, type: "responded", at: at(10, 15, 48), sentence: "Response met, 1 h 17 m of 9 h")),
                .event(EventView(number: 4, type: "resolutionAgreed", at: at(11, 10, 5), sentence: "Resolution agreed: 2 working days. Proposed by Maya, accepted by Dana")),
                .message(MessageView(id: "m3", kind: .note, author: priya, via: "", at: at(11, 10, 58), body: "<p>The queue is emptied by a service account whose password was rotated with the patch. Our grant for ALTA-APP-02 ends at 11:00, ask for a new one before you promise a time.</p>")),
                .event(EventView(number: 5, type: "suspended", at: at(11, 11, 10), sentence: "Suspended: access to ALTA-APP-02 ended. Dana not reached 13:20, stand-in Luis Ferreira reached 13:25")),
                .event(EventView(number: 6, type: "resumed", at: at(12, 8, 45), sentence: "Resumed: access granted by Luis until 30 April. The deadline moved by 6 h 35 m to Fri 12:06")),
                .message(MessageView(id: "m4", kind: .client, author: luis, via: "Northfield Mining, on the portal", at: at(12, 9, 12), body: "<p>Access is back and valid until the end of April. Dana is on leave until Monday, so please write to me in the meantime. Night shift starts at 19:00 here.</p>")),
            ],
            may: may, proposals: [], closing: nil,
            choices: StaffChoices(
                suspensionReasons: [Choice(value: "accessAwaited", label: "Waits for access"), Choice(value: "answerAwaited", label: "Waits for the answer")], answerReason: "answerAwaited",
                agents: [Choice(value: "maya", label: "Maya Torres", isChosen: true), Choice(value: "priya", label: "Priya Nair")], departments: [],
                severities: [Choice(value: "1", label: "1 Critical"), Choice(value: "2", label: "2 Urgent", isChosen: true)]))
    }

    static let staffActs: Set<TicketAct> = [.reply, .note, .suspend, .resolve, .assign, .severity, .propose]
}
