import AbideCore
import AbideDesk
import Hummingbird

/// Merging, links, tags, followers and time spent, as forms send them.
extension TicketActRoutes {
    /// What a browser stands on after a refusal.
    static let connectionNames: Set<String> = ["merging", "links", "tags", "time", "following", "incidents"]

    func addConnections(to router: Router<AbideRequestContext>) {
        router.post("/tickets/{ref}/merging") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            return try await leading(reader, form, context.part("ref"), "merge") { ref in
                guard let into = form.text("into") else { throw Refusal.input("into", "Which ticket? Write its reference, as ABD-1042.") }
                return (try await web.desk.merge(ref, into: into, reason: form.text("reason"), by: reader.person), "merged")
            }
        }
        router.post("/tickets/{ref}/merging/end") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            return try await leading(reader, form, context.part("ref"), "unmerge") { ref in
                (try await web.desk.unmerge(ref, reason: form.text("reason"), by: reader.person), "unmerged")
            }
        }
        router.post("/tickets/{ref}/merging/dismissal") { request, context -> Response in
            try await act(request, context, "merge") { _, person in
                Deed("hintDismissed") { ticket, _, now in try ticket.dismissHint(channel: .portal, by: person, at: max(now, ticket.updatedAt)) }
            }
        }
        router.post("/tickets/{ref}/links") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            return try await leading(reader, form, context.part("ref"), "link") { ref in
                guard let to = form.text("to") else { throw Refusal.input("to", "Which ticket? Write its reference, as ABD-1042.") }
                guard let relation = LinkRelation(rawValue: form.text("relation") ?? "related") else { throw Refusal.input("relation", "One of \(LinkRelation.allCases.map(\.rawValue).joined(separator: ", ")).") }
                return (try await web.desk.link(ref, to: to, as: relation, by: reader.person), "linked")
            }
        }
        router.post("/tickets/{ref}/links/{other}/end") { request, context -> Response in
            let other = context.part("other")
            let (reader, form) = try await web.sent(request, context)
            return try await leading(reader, form, context.part("ref"), "link") { ref in (try await web.desk.unlink(ref, from: other, by: reader.person), "unlinked") }
        }
        router.post("/tickets/{ref}/tags") { request, context -> Response in
            try await act(request, context, "tags") { form, person in
                let tags = Ticket.tags(in: form.text("tags") ?? "")
                return Deed("tagged") { ticket, _, now in try ticket.tag(as: tags, by: person, at: now) }
            }
        }
        router.post("/tickets/{ref}/time") { request, context -> Response in
            try await act(request, context, "time") { form, person in
                let seconds = form.text("spent").flatMap(Self.seconds), note = form.text("note")
                return Deed("spent") { ticket, _, now in try ticket.spend(seconds: seconds, note: note, by: person, at: max(now, ticket.updatedAt)) }
            }
        }
        for (path, follows) in [("following", true), ("following/end", false)] {
            router.post(RouterPath("/tickets/{ref}/" + path)) { request, context -> Response in
                try await act(request, context, "follow") { _, person in
                    Deed(follows ? "followed" : "unfollowed") { ticket, _, now in try ticket.follow(follows, by: person, at: max(now, ticket.updatedAt)) }
                }
            }
        }
        router.post("/tickets/{ref}/incidents") { request, context -> Response in
            let (reader, form) = try await web.sent(request, context)
            let resolves = form.text("resolves") != nil
            var outcomes: [ManyOutcome] = []
            let response = try await leading(reader, form, context.part("ref"), "incidents") { ref in
                outcomes = try await web.desk.tellIncidents(of: ref, form.text("body"), resolves: resolves, channel: .portal, by: reader.person)
                return (try await web.desk.ticket(ref, for: reader.person), "told")
            }
            guard outcomes.contains(where: { $0.refusal != nil }) else { return response }
            return try await ManyTicketsRoutes(web: web).told(outcomes, done: resolves ? say("Solved") : say("Told"), back: (say("Back to the problem"), reader.page(of: context.part("ref"))), reader)
        }
    }

    /// `1:30`, `90m`, `1.5h`, `45`; a minus takes off.
    static func seconds(_ text: String) -> Int64? {
        var text = text.lowercased().filter { !$0.isWhitespace }
        let isNegative = text.hasPrefix("-")
        if isNegative { text.removeFirst() }
        guard text.count <= 10 else { return nil }
        func number(_ text: some StringProtocol) -> Double? {
            guard !text.isEmpty, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "." || $0 == ",") }) else { return nil }
            return Double(String(text.map { $0 == "," ? "." : $0 }))
        }
        let seconds: Double?
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, let hours = number(parts[0]), let minutes = number(parts[1]), minutes < 60 { seconds = hours * 3600 + minutes * 60 }
        else if text.hasSuffix("h") { seconds = number(text.dropLast()).map { $0 * 3600 } }
        else { seconds = number(text.hasSuffix("m") ? text.dropLast() : text[...]).map { $0 * 60 } }
        return seconds.map { Int64($0.rounded()) * (isNegative ? -1 : 1) }
    }
}
