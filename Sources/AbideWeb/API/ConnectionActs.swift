import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// Merging, links, tags, followers and time spent.
extension APITable {
    private static let one = "/api/v1/tickets/{ref}"
    private static let reason = Field("reason", .text(TextLimit.reason, blank: true), "Why; the client reads it.")

    static let connectionActs: [Operation] = [
        Operation(
            method: .post, path: one + "/merging", id: "merge", summary: "Go on in another ticket of the same client; mail to this one arrives there. The stricter promise must stay.", permission: [.merge],
            body: [Field("into", .text(20, blank: false), required: true, "The other ticket's reference."), reason], status: 201, schema: "Ticket"
        ) { call in
            let (into, reason) = (call.input.text("into") ?? "", call.input.text("reason"))
            return .ticket(try await call.desk.merge(call.ref, into: into, reason: reason, by: call.person, ifMatch: call.ifMatch, idempotency: call.idempotency))
        },
        Operation(
            method: .delete, path: one + "/merging", id: "unmerge", summary: "Take a merging back; the clocks count as if it had not been. Who logged it may, too.", permission: [.unmerge], schema: "Ticket"
        ) { call in .ticket(try await call.desk.unmerge(call.ref, reason: nil, by: call.person, ifMatch: call.ifMatch, idempotency: call.idempotency)) },
        Operation(
            method: .post, path: one + "/merging/dismissal", id: "dismissHint", summary: "Say that it does not belong to the ticket which its mail names (`mayBelongTo`); merging stays possible.", permission: [.merge], schema: "Ticket"
        ) { call in
            let person = call.person
            return try await call.act { ticket, _, now in try ticket.dismissHint(channel: .api, by: person, at: max(now, ticket.updatedAt)) }
        },
        Operation(
            method: .get, path: one + "/connections", id: "listConnections", summary: "What staff keep on a ticket: links, tags, followers, time spent, what was merged.", permission: [.readInternal], schema: "Connections"
        ) { call in
            let detail = try await call.desk.detail(call.ref, for: call.person)
            let ticket = detail.view.ticket
            var json = JSON()
            json.open()
            json.put("mergedInto", ticket.merging?.into)
            json.put("absorbed", ticket.absorbed)
            json.put("mayBelongTo", ticket.openHint)
            json.key("links")
            json.openList()
            for link in detail.links {
                json.next()
                json.open()
                json.put("ref", link.ref)
                json.put("relation", link.relation.rawValue)
                json.put("subject", link.subject)
                json.put("status", link.status.rawValue)
                json.close()
            }
            json.closeList()
            json.put("tags", ticket.tags ?? [])
            json.put("followers", ticket.followers.map(\.name))
            json.put("spentSeconds", ticket.spentSeconds)
            json.close()
            return .json(json)
        },
        Operation(
            method: .post, path: one + "/links", id: "link", summary: "Link another ticket; the other one gets the counterpart.", permission: [.organise],
            body: [
                Field("to", .text(20, blank: false), required: true, "The other ticket's reference."),
                Field("relation", .choice(LinkRelation.allCases.map(\.rawValue)), "`problem`: the other one is the problem behind this; `incident`: an incident of this problem; `related` where it isn't said."),
            ],
            status: 201, schema: "Ticket"
        ) { call in
            let relation = call.input.text("relation").flatMap(LinkRelation.init) ?? .related
            return .ticket(try await call.desk.link(call.ref, to: call.input.text("to") ?? "", as: relation, by: call.person, ifMatch: call.ifMatch, idempotency: call.idempotency))
        },
        Operation(
            method: .post, path: one + "/incidents", id: "tellIncidents", summary: "Answer each open incident of a problem with the same words, or solve it with them.", permission: [.resolve],
            body: [Field("body", .text(TextLimit.body, blank: false), required: true, "Markdown; each client reads it."), Field("resolves", .choice(["true", "false"]), "`true`: it solves them.")], status: 201, schema: "ManyOutcome"
        ) { call in
            let outcomes = try await call.desk.tellIncidents(of: call.ref, call.input.text("body"), resolves: call.input.text("resolves") == "true", channel: .api, by: call.person)
            var json = JSON()
            json.open()
            json.key("items")
            json.openList()
            for one in outcomes {
                json.next()
                json.open()
                json.put("ref", one.ref)
                json.put("done", one.refusal == nil)
                json.put("refusal", one.refusal?.words)
                json.put("clause", one.refusal?.clause)
                json.close()
            }
            json.closeList()
            json.close()
            return .json(json)
        },
        Operation(method: .delete, path: one + "/links/{other}", id: "unlink", summary: "Take a link off, on both sides.", permission: [.organise], schema: "Ticket") { call in
            .ticket(try await call.desk.unlink(call.ref, from: call.other, by: call.person, ifMatch: call.ifMatch, idempotency: call.idempotency))
        },
        Operation(
            method: .put, path: one + "/tags", id: "tag", summary: "Add and remove tags.", permission: [.organise],
            body: [Field("add", .text(1000, blank: true), "Tags, divided by commas."), Field("remove", .text(1000, blank: true), "Tags, divided by commas.")], schema: "Ticket"
        ) { call in
            let (add, remove, person) = (Ticket.tags(in: call.input.text("add") ?? ""), Ticket.tags(in: call.input.text("remove") ?? ""), call.person)
            return try await call.act { ticket, _, now in try ticket.tag(add: add, remove: remove, by: person, at: now) }
        },
        Operation(method: .put, path: one + "/following", id: "follow", summary: "Hear of a ticket that isn't yours.", permission: [.organise], body: [], schema: "Ticket") { call in
            let person = call.person
            return try await call.act { ticket, _, now in try ticket.follow(true, by: person, at: now) }
        },
        Operation(method: .delete, path: one + "/following", id: "unfollow", summary: "Hear of it no longer.", permission: [.organise], schema: "Ticket") { call in
            let person = call.person
            return try await call.act { ticket, _, now in try ticket.follow(false, by: person, at: now) }
        },
        Operation(
            method: .post, path: one + "/time", id: "addTime", summary: "Time that was spent on it; a negative one corrects.", permission: [.organise],
            body: [Field("seconds", .integer(-360_000...360_000), required: true, "Seconds of work."), Field("note", .text(TextLimit.reason, blank: true), "For what.")], status: 201, schema: "Ticket"
        ) { call in
            let (seconds, note, person) = (call.input.integer("seconds"), call.input.text("note"), call.person)
            return try await call.act { ticket, _, now in try ticket.spend(seconds: seconds, note: note, by: person, at: now) }
        },
    ]
}
