import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// Coverage with its dispute and correction (M), quotes (M5), and access to the client's environment (L5).
extension APITable {
    private static let one = "/api/v1/tickets/{ref}"

    static let coverageActs: [Operation] = [
        Operation(
            method: .put, path: one + "/coverage", id: "decideCoverage", summary: "Decide coverage or correct it: by yourself, or by the agreement's table from kind and cause.", clause: "M6",
            permission: [.decideCoverage],
            body: [
                Field("decision", .choice(CoverageDecision.allCases.map(\.rawValue)), "What counts from now on; without it the agreement's table decides."),
                Field("rule", .text(100, blank: false), "The row of the agreement's table that it follows."), Field("reason", .text(TextLimit.reason, blank: false), required: true, "The client reads it."),
                Field("kind", .choice(CoverageFact.kind.values), "What is asked for."), Field("cause", .choice(CoverageFact.cause.values), "Where a fault comes from."),
            ],
            schema: "Ticket"
        ) { call in
            let (decision, rule, reason, person) = (call.input.text("decision").flatMap(CoverageDecision.init), call.input.text("rule"), call.input.text("reason"), call.person)
            let (kind, cause, entitlements) = (call.input.text("kind"), call.input.text("cause"), call.view?.entitlements)
            return try await call.act { ticket, agreement, now in
                try ticket.decideCoverage(decision, rule: rule, reason: reason, kind: kind, cause: cause, entitlements: entitlements, by: person, at: now, agreement)
            }
        },
        Operation(
            method: .post, path: one + "/coverage/dispute", id: "disputeCoverage", summary: "Dispute the coverage decision; it goes to the client services manager, who answers in writing.", clause: "M6",
            permission: [.complain],
            body: [
                Field("reason", .text(TextLimit.reason, blank: false), required: true, "Why the decision is wrong."),
                Field("impact", .text(TextLimit.reason, blank: false), required: true, "What it does to the business."),
            ],
            status: 201, schema: "Ticket"
        ) { call in
            let (reason, impact, person) = (call.input.text("reason"), call.input.text("impact"), call.person)
            return try await call.act { ticket, _, now in try ticket.disputeCoverage(reason: reason, impact: impact, by: person, at: now) }
        },
        Operation(
            method: .post, path: one + "/quotes", id: "quote", summary: "Quote work that is not covered; one that is open is withdrawn by it.", clause: "M5", permission: [.quote],
            body: [
                Field("effortSeconds", .integer(60...315_360_000), required: true, "Working time."),
                Field("price", .text(14, blank: false), required: true, "An amount as `1200` or `1200.50`."), Field("currency", .text(3, blank: false), required: true, "ISO 4217, as `USD`."),
                Field("deliverables", .text(TextLimit.field, blank: false), required: true, "What is delivered."),
                Field("due", .instant, "By when; without it within the effort from the acceptance on."),
            ],
            status: 201, schema: "Ticket"
        ) { call in
            let (effort, price, currency) = (call.input.integer("effortSeconds"), call.input.text("price").flatMap { Money.read($0) }, call.input.text("currency"))
            let (deliverables, due, person) = (call.input.text("deliverables"), call.input.instant("due"), call.person)
            return try await call.act { ticket, agreement, now in
                try ticket.quote(effortSeconds: effort, price: price, currency: currency, deliverables: deliverables, due: due, by: person, at: now, agreement)
            }
        },
        Operation(
            method: .post, path: one + "/quotes/{id}/acceptance", id: "acceptQuote", summary: "Accept a quote; the work becomes a ticket with its own terms, which the quote names.", clause: "M5",
            permission: [.decideQuote], body: [], status: 201, schema: "Ticket"
        ) { call in
            .ticket(try await call.desk.acceptQuote(call.ref, quote: call.number, channel: .api, by: call.person, ifMatch: call.ifMatch, idempotency: call.idempotency))
        },
        Operation(
            method: .post, path: one + "/quotes/{id}/refusal", id: "declineQuote", summary: "Decline a quote.", clause: "M5", permission: [.decideQuote],
            body: [Field("reason", .text(TextLimit.reason, blank: true), "Why, where that is to be said.")], status: 201, schema: "Ticket"
        ) { call in
            let (id, reason, person) = (call.number, call.input.text("reason"), call.person)
            return try await call.act { ticket, _, now in try ticket.declineQuote(id, reason: reason, by: person, at: now) }
        },
        Operation(method: .delete, path: one + "/quotes/{id}", id: "withdrawQuote", summary: "Withdraw a quote that is open.", clause: "M5", permission: [.quote], schema: "Ticket") { call in
            let (id, person) = (call.number, call.person)
            return try await call.act { ticket, _, now in try ticket.withdrawQuote(id, by: person, at: now) }
        },
        Operation(
            method: .post, path: one + "/access", id: "grantAccess", summary: "Grant access to the environment; a suspension that waits for it ends.", clause: "L5", permission: [.grantAccess],
            body: [
                Field("who", .text(TextLimit.subject, blank: false), required: true, "Who may."), Field("how", .text(TextLimit.reason, blank: false), required: true, "By which way."),
                Field("until", .instant, "Until when; until further notice where it isn't said. The clocks stand from then on."),
            ],
            status: 201, schema: "Ticket"
        ) { call in
            let (who, how, until, person) = (call.input.text("who"), call.input.text("how"), call.input.instant("until"), call.person)
            return try await call.act { ticket, agreement, now in try ticket.grantAccess(who: who, how: how, until: until, by: person, at: now, agreement) }
        },
        Operation(
            method: .delete, path: one + "/access/{id}", id: "endAccess", summary: "End access; with the last one the clocks stand.", clause: "L5", permission: [.grantAccess], schema: "Ticket"
        ) { call in
            let (id, person) = (call.number, call.person)
            return try await call.act { ticket, agreement, now in try ticket.endAccess(id, by: person, at: now, agreement) }
        },
    ]
}
