import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

extension APITable {
    private static let one = "/api/v1/reviews/{id}"
    private static let day = Field("day", .text(10, blank: false), required: true, "The day, as 2026-12-01, in the desk's zone.")

    /// Reviews of agreements (O1).
    static let reviewCalls: [Operation] = [
        Operation(
            method: .get, path: "/api/v1/reviews", id: "listReviews", summary: "Reviews of agreements: those to come, the nearest first, then those that were. A client's report readers see the own ones.",
            clause: "O1", permission: [.readReports], schema: "ReviewList"
        ) { call in
            var json = JSON()
            json.open()
            json.key("items")
            json.openList()
            for view in try await call.desk.reviews(for: call.person) {
                json.next()
                write(view, into: &json)
            }
            json.closeList()
            json.key("next")
            json.null()
            json.close()
            return .json(json)
        },
        Operation(
            method: .post, path: "/api/v1/reviews", id: "planReview", summary: "Plans a review for a day of one's own choice; without that the next one is planned by the agreement's interval.", clause: "O1",
            permission: [.manageAgreements], body: [Field("client", .text(200, blank: false), required: true, "A client's id or name."), day], status: 201, schema: "Review"
        ) { call in
            guard let client = try await call.web.desk.client(call.input.text("client") ?? "", for: call.person) else { throw Refusal(.unknown, "There is no such client, or it is not yours to see.") }
            return reply(try await call.desk.planReview(client: client, for: try call.day("day"), by: call.person))
        },
        Operation(method: .get, path: one, id: "getReview", summary: "A review with what happened to it.", clause: "O1", permission: [.readReports], schema: "Review") { call in
            reply(try await call.desk.review(Int64(call.number), for: call.person))
        },
        Operation(
            method: .patch, path: one, id: "moveReview", summary: "Moves a review that was not held yet; who was told of it is told again.", clause: "O1", permission: [.manageAgreements],
            body: [day, Field("reason", .text(2000, blank: false), required: true, "Why; the client reads it.")], schema: "Review"
        ) { call in
            reply(try await call.desk.moveReview(Int64(call.number), to: try call.day("day"), reason: call.input.text("reason") ?? "", by: call.person))
        },
        Operation(
            method: .post, path: one + "/preparation", id: "prepareReview", summary: "Prepares it now: the report since the last review is issued, and those who take part are told.", clause: "O1",
            permission: [.manageAgreements], body: [], status: 201, schema: "Review"
        ) { call in reply(try await call.desk.prepareReview(Int64(call.number), by: call.person)) },
        Operation(
            method: .post, path: one + "/minutes", id: "minuteReview", summary: "Keeps what was reviewed and decided; the next review is planned from this one's day.", clause: "O1",
            permission: [.manageAgreements],
            body: [
                Field("heldOn", .text(10, blank: false), required: true, "The day on which it was held, as 2026-12-01."), Field("attendees", .text(1000, blank: false), required: true, "Who took part."),
                Field("minutes", .text(100_000, blank: false), required: true, "What was reviewed and decided, as Markdown."),
                Field("outcome", .choice(AgreementReview.Outcome.allCases.map(\.rawValue)), required: true, "Whether the agreement goes on as it is."),
                Field("newVersion", .textOrNull, "The digest of the stored version in which it ended."),
            ], status: 201, schema: "Review"
        ) { call in
            let outcome = AgreementReview.Outcome(rawValue: call.input.text("outcome") ?? "") ?? .unchanged
            return reply(try await call.desk.minuteReview(
                Int64(call.number), heldOn: try call.day("heldOn"), attendees: call.input.text("attendees") ?? "", minutes: call.input.text("minutes") ?? "", outcome: outcome,
                newDigest: call.input.text("newVersion"), by: call.person))
        },
        Operation(
            method: .post, path: one + "/cancellation", id: "cancelReview", summary: "Takes a review back that is not going to be held; the next one is planned.", clause: "O1", permission: [.manageAgreements],
            body: [Field("reason", .text(2000, blank: false), required: true, "Why; the client reads it.")], status: 201, schema: "Review"
        ) { call in reply(try await call.desk.cancelReview(Int64(call.number), reason: call.input.text("reason") ?? "", by: call.person)) },
    ]

    private static func reply(_ view: ReviewView) -> Reply {
        var json = JSON()
        write(view, into: &json)
        return .json(json)
    }

    private static func write(_ view: ReviewView, into json: inout JSON) {
        let review = view.review
        json.open()
        json.put("id", review.id)
        json.key("client")
        json.open()
        json.put("id", view.client.id)
        json.put("name", view.client.name)
        json.close()
        json.put("day", review.day.iso)
        json.put("state", review.state.rawValue)
        json.put("overdue", view.isOverdue)
        json.put("agreement", view.agreement)
        json.put("digest", review.digest)
        json.put("from", review.from?.iso)
        json.put("to", review.to?.iso)
        json.put("report", review.report)
        json.put("preparedAt", review.preparedAt)
        json.put("heldOn", review.heldOn?.iso)
        json.put("attendees", review.attendees)
        json.put("minutes", review.minutes)
        json.put("outcome", review.outcome?.rawValue)
        json.put("newVersion", review.newDigest)
        json.put("minutedBy", review.minutedBy)
        json.put("minutedAt", review.minutedAt)
        json.key("history")
        json.openList()
        for note in view.notes {
            json.next()
            json.open()
            json.put("at", note.notedAt)
            json.put("by", note.actor)
            json.put("sentence", note.sentence)
            json.close()
        }
        json.closeList()
        json.close()
    }
}

extension Call {
    /// A day of the input, as 2026-12-01.
    fileprivate func day(_ name: String) throws -> LocalDate {
        guard let day = input.text(name).flatMap({ LocalDate(iso: $0) }) else { throw Refusal.input(name, "A day as 2026-12-01.") }
        return day
    }
}
