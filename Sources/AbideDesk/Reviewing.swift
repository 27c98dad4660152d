package import AbideCore
import AbideStore
import Foundation

/// A review with what a reader sees beside it.
package struct ReviewView: Sendable {
    package var review: AgreementReview
    package var client: ClientName
    /// "Support eService, version 3"
    package var agreement: String
    /// The version in which it ended, in the same words.
    package var newAgreement: String?
    package var notes: [Note]
    package var isOverdue: Bool

    /// What happened to it, in words.
    package struct Note: Sendable {
        package var notedAt: Instant
        package var actor: String
        package var sentence: String
    }
}

/// Reviews of agreements (O1): each client's next one is planned by itself, prepared with the period's report, held, minuted, and can end in a new version.
extension Desk {
    /// Plans what is due to be planned, and prepares what is due to be prepared. Called again and again.
    /// - Returns: how many were planned or prepared.
    @discardableResult
    package func advanceReviews() async throws -> Int {
        let now = now()
        let today = deskZone.local(now).date
        var count = 0
        let clients = try await people().clients.values.sorted { $0.id < $1.id }
        let open = Dictionary(try await db.read { try $0.reviews() }.filter(\.isOpen).map { ($0.client, $0) }, uniquingKeysWith: { first, _ in first })
        for client in clients {
            guard let terms = agreement(client: client.id, at: now).terms.review else { continue }
            var review = open[client.id]
            if review == nil {
                review = try await db.write { session in try self.plan(client.id, for: nil, actor: Actor.desk.name, reason: nil, session, at: now) }
                if review != nil { count += 1 }
            }
            guard let review, review.state == .planned, terms.preparation(of: review.day) <= today else { continue }
            try await prepare(review.id, actor: Actor.desk.name)
            count += 1
        }
        return count
    }

    /// The first review to come of a client.
    /// - Parameter day: nil: by the agreement's interval from the last one, or from the day on which the agreement began for the client.
    /// - Returns: nil where one is open already.
    private func plan(_ client: Int64, for day: LocalDate?, actor: String, reason: String?, _ session: any Session, at now: Instant) throws -> AgreementReview? {
        guard try !session.reviews(client: client, limit: 1).contains(where: \.isOpen) else { return nil }
        let terms = agreement(client: client, at: now).terms
        guard let day = try day ?? terms.review.map({ try $0.day(after: lastReview(client, session, at: now)) }) else { return nil }
        var review = AgreementReview(client: client, day: day, digest: terms.digest)
        guard let id = try session.insertReview(review) else { return nil }
        review.id = id
        let why = reason ?? terms.review.map { "every \($0.everyMonths) months, as the agreement says" } ?? ""
        try session.note(ReviewNote(review: id, notedAt: now, actor: actor, sentence: "Planned for \(day.iso)\(why.isEmpty ? "" : ": \(why)")."))
        return review
    }

    /// The day from which a client's next review is counted: when the last one was held, else when the agreement began for it.
    private func lastReview(_ client: Int64, _ session: any Session, at now: Instant) throws -> LocalDate {
        if let held = try session.reviews(client: client).first(where: { $0.state == .held })?.heldOn { return held }
        let entries = try session.agreementsInForce()
        let own = AgreementShelf.entry(entries, client: client, at: now).flatMap { $0.digest == nil ? nil : $0 }
        let began = (own ?? AgreementShelf.entry(entries, client: nil, at: now))?.effectiveFrom ?? now
        let since = try session.client(id: client)?.createdAt ?? now
        return deskZone.local(max(began, since)).date
    }

    // MARK: Reading

    /// Staff see those of all clients; of a client those who read its reports.
    package func reviews(for person: Person) async throws -> [ReviewView] {
        guard person.may(.readReports) else { throw Refusal.role(person.role, may: "Staff and the client's report readers see reviews.", clause: "O1") }
        let client = person.role.isStaff ? nil : person.client ?? 0
        return try await db.read { session in try session.reviews(client: client).map { try self.view($0, session) } }
    }

    package func review(_ id: Int64, for person: Person) async throws -> ReviewView {
        guard person.may(.readReports) else { throw Refusal.role(person.role, may: "Staff and the client's report readers see reviews.", clause: "O1") }
        return try await db.read { session in
            guard let review = try session.review(id: id), person.role.isStaff || review.client == person.client else { throw Self.unknownReview }
            return try self.view(review, session)
        }
    }

    private static let unknownReview = Refusal(.unknown, "There is no such review, or it is not yours to see.")

    private func view(_ review: AgreementReview, _ session: any Session) throws -> ReviewView {
        let directory = try directory.content(session, now: now())
        func title(_ digest: String) throws -> String {
            let terms = try agreement(digest: digest, session).terms
            return "\(terms.name), version \(terms.version)"
        }
        return ReviewView(
            review: review, client: ClientName(id: review.client, name: directory.clients[review.client]?.name ?? ""), agreement: try title(review.digest),
            newAgreement: try review.newDigest.map(title), notes: try session.notes(review: review.id).map { ReviewView.Note(notedAt: $0.notedAt, actor: $0.actor, sentence: $0.sentence) }, isOverdue: review.isOverdue(on: deskZone.local(now()).date))
    }

    // MARK: Planning

    /// Plans a review for a day of one's own choice, where none is open.
    package func planReview(client: Int64, for day: LocalDate, by person: Person) async throws -> ReviewView {
        try mayReview(person)
        let now = now()
        try isToCome(day, at: now)
        guard try await people().clients[client] != nil else { throw Refusal(.unknown, "There is no such client.") }
        let review = try await db.write { try self.plan(client, for: day, actor: person.name, reason: "", $0, at: now) }
        guard let review else { throw Refusal(.state, "A review of this client is planned already. Move that one.", clause: "O1") }
        return try await self.review(review.id, for: person)
    }

    /// Moves a review that was not held yet; whoever was told of it is told again.
    package func moveReview(_ id: Int64, to day: LocalDate, reason: String, by person: Person) async throws -> ReviewView {
        try mayReview(person)
        let now = now()
        try isToCome(day, at: now)
        let reason = reason.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !reason.isEmpty else { throw Refusal.input("reason", "Say why it moves; the client reads it.") }
        try await db.write { session in
            guard var review = try session.review(id: id) else { throw Self.unknownReview }
            guard review.isOpen else { throw Refusal(.state, "This review is over.", clause: "O1") }
            let before = review.day
            review.day = day
            try session.updateReview(review)
            try session.note(ReviewNote(review: id, notedAt: now, actor: person.name, sentence: "Moved from \(before.iso) to \(day.iso): \(reason)"))
            if review.state == .prepared { try self.tell(review, "moved", "It was planned for \(before.iso). \(reason)", session, at: now) }
        }
        return try await review(id, for: person)
    }

    /// Prepares a review now: the report of what lies between the last one and yesterday is issued, and those who take part are told.
    @discardableResult
    package func prepareReview(_ id: Int64, by person: Person) async throws -> ReviewView {
        try mayReview(person)
        try await prepare(id, actor: person.name)
        return try await review(id, for: person)
    }

    private func prepare(_ id: Int64, actor: String) async throws {
        let now = now()
        let yesterday = LocalDate(days: deskZone.local(now).date.days - 1)
        guard let planned = try await db.read({ try $0.review(id: id) }) else { throw Self.unknownReview }
        guard planned.isOpen else { throw Refusal(.state, "This review is over.", clause: "O1") }
        guard planned.state == .planned else { throw Refusal(.state, "This review is prepared already.", clause: "O1") }
        let from = try await db.read { try self.lastReview(planned.client, $0, at: now) }
        // A report is kept as it was issued, so it is issued apart: whoever comes second finds the same one.
        let report = from <= yesterday ? try await issue(client: planned.client, from: from, to: yesterday, issuedBy: actor).id : nil
        try await db.write { session in
            guard var review = try session.review(id: id), review.state == .planned else { return }
            review.state = .prepared
            review.preparedAt = now
            review.digest = self.agreement(client: review.client, at: now).terms.digest
            if report != nil { (review.from, review.to, review.report) = (from, yesterday, report) }
            try session.updateReview(review)
            let period = report == nil ? "the agreement began too short a time ago for a report" : "with the report of \(from.iso) to \(yesterday.iso)"
            try session.note(ReviewNote(review: id, notedAt: now, actor: actor, sentence: "Prepared, \(period)."))
            try self.tell(review, "prepared", report.map { "The report of \(from.iso) to \(yesterday.iso) goes with it:\n\n\(self.settings.baseURL)/reports/issued/\($0)" } ?? "", session, at: now)
        }
    }

    // MARK: Holding

    /// Keeps the minutes of a review that was held; the next one is planned from its day.
    /// - Parameter newDigest: the stored version in which it ended, where it did; or its beginning, 8 letters or more.
    package func minuteReview(
        _ id: Int64, heldOn: LocalDate, attendees: String, minutes: String, outcome: AgreementReview.Outcome, newDigest: String?, by person: Person
    ) async throws -> ReviewView {
        try mayReview(person)
        let now = now()
        var faults: [String: Phrase] = [:]
        let (attendees, minutes) = (attendees.trimmingCharacters(in: .whitespacesAndNewlines), minutes.trimmingCharacters(in: .whitespacesAndNewlines))
        if heldOn > deskZone.local(now).date { faults["heldOn"] = "This day is still to come." }
        if attendees.isEmpty { faults["attendees"] = "Say who took part." }
        if minutes.isEmpty { faults["minutes"] = "Say what was reviewed and decided." }
        var digest: String?
        if let newDigest {
            if outcome != .newVersion { faults["newVersion"] = "A version is named only where the outcome is a new one." }
            do { digest = try await agreementView(digest: newDigest, for: person).digest } catch is Refusal { faults["newVersion"] = "There is no such version. Store the file first, and name 8 or more letters of its digest." }
        }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        try await db.write { [digest] session in
            guard var review = try session.review(id: id) else { throw Self.unknownReview }
            guard review.isOpen else { throw Refusal(.state, "This review is over; what was minuted stays.", clause: "O1") }
            review.state = .held
            (review.heldOn, review.attendees, review.minutes) = (heldOn, attendees, minutes)
            (review.outcome, review.newDigest, review.minutedBy, review.minutedAt) = (outcome, digest, person.name, now)
            try session.updateReview(review)
            try session.note(ReviewNote(review: id, notedAt: now, actor: person.name, sentence: "Held on \(heldOn.iso) and minuted; \(outcome.words)."))
            try self.tell(review, "held", "It was held on \(heldOn.iso) with \(attendees); \(outcome.words).\n\n\(minutes)", session, at: now)
            _ = try self.plan(review.client, for: nil, actor: Actor.desk.name, reason: nil, session, at: now)
        }
        return try await review(id, for: person)
    }

    /// Takes a review back that is not going to be held; the next one is planned by the interval, from this one's day.
    package func cancelReview(_ id: Int64, reason: String, by person: Person) async throws -> ReviewView {
        try mayReview(person)
        let now = now()
        let reason = reason.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !reason.isEmpty else { throw Refusal.input("reason", "Say why it is not held; the client reads it.") }
        try await db.write { session in
            guard var review = try session.review(id: id) else { throw Self.unknownReview }
            guard review.isOpen else { throw Refusal(.state, "This review is over.", clause: "O1") }
            let wasTold = review.state == .prepared
            review.state = .cancelled
            try session.updateReview(review)
            try session.note(ReviewNote(review: id, notedAt: now, actor: person.name, sentence: "Cancelled: \(reason)"))
            if wasTold { try self.tell(review, "cancelled", reason, session, at: now) }
            if let terms = self.agreement(client: review.client, at: now).terms.review {
                _ = try self.plan(review.client, for: max(terms.day(after: review.day), self.deskZone.local(now).date), actor: Actor.desk.name, reason: nil, session, at: now)
            }
        }
        return try await review(id, for: person)
    }

    private func mayReview(_ person: Person) throws {
        guard Permissions.allows(person.role, .manageAgreements) else { throw Refusal.role(person.role, may: "The agreement manager plans and minutes reviews.", clause: "O1") }
    }

    private func isToCome(_ day: LocalDate, at now: Instant) throws {
        let today = deskZone.local(now).date
        if day < today { throw Refusal.input("day", "This day is past.") }
        if day.days > today.days + 3660 { throw Refusal.input("day", "This is more than ten years ahead.") }
    }

    // MARK: Telling

    /// Those whom the agreement names, and the client's primary contact and stand-in, hear of it, each by a mail of their own; while it is to come, with a calendar entry.
    private func tell(_ review: AgreementReview, _ what: String, _ more: String, _ session: any Session, at now: Instant) throws {
        let terms = agreement(client: review.client, at: now).terms
        let roles = Set(terms.review?.notify ?? [.agreementManager])
        let directory = try directory.content(session, now: now)
        let name = directory.clients[review.client]?.name ?? ""
        let provider = terms.provider
        let people = directory.people.values.filter { person in
            guard !person.disabled, !person.email.isEmpty else { return false }
            return person.role.isStaff ? roles.contains(person.role) : person.client == review.client && (person.role == .primaryContact || person.role == .standIn)
        }.sorted { $0.id < $1.id }
        let headline = switch what {
        case "held": "The review of \(terms.name) with \(name) was held."
        case "cancelled": "The review of \(terms.name) with \(name), planned for \(review.day.iso), is not held."
        case "moved": "The review of \(terms.name) with \(name) is now on \(review.day.iso)."
        default: "The review of \(terms.name) with \(name) is on \(review.day.iso)."
        }
        let serial = try session.notes(review: review.id).count
        for person in people {
            let text = [headline, more, "\(settings.baseURL)\(person.role.isStaff ? "/agreement" : "/portal/agreement")/reviews/\(review.id)", "\(provider.name) Support"].filter { !$0.isEmpty }.joined(separator: "\n\n")
            var mail = OutgoingMail(
                from: MailAddress(address: provider.mailbox, name: "\(provider.name) Support"), to: MailAddress(address: person.email, name: person.name), replyTo: nil,
                subject: "Review of \(terms.name), \(review.day.iso)", messageID: keys.messageID(mailbox: provider.mailbox, ticket: 0, participant: person.id, serial: "review-\(review.id)-\(serial)"),
                inReplyTo: nil, references: [], date: now, text: text, html: nil, autoSubmitted: "auto-generated", headers: ["X-Abide-Milestone": "review"])
            if what != "held" {
                mail.calendar = CalendarEntry(
                    uid: "review-\(review.id)@\(Keys.split(provider.mailbox).domain)", sequence: serial, when: .day(review.day), summary: "Review of \(terms.name) with \(name)",
                    isCancelled: what == "cancelled", stamp: now
                ).text
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try session.insertOutbox(OutboxItem(
                ticket: nil, number: nil, milestone: "review", recipient: person.email, messageID: mail.messageID, mail: String(decoding: try encoder.encode(mail), as: UTF8.self),
                state: settings.sendsMail ? .queued : .held, nextAt: now, createdAt: now))
        }
    }
}
