import AbideCore
import AbideDesk

/// The API's shapes of an event and of a message.
enum EventJSON {
    /// What a reader may not see keeps number, type, times and hash, so that the log has no gap and can be checked (B2).
    static func event(_ view: AbideDesk.EventView, into json: inout JSON) {
        let event = view.event
        json.open()
        json.put("number", Int64(event.number))
        json.put("type", event.fact.type)
        json.put("occurredAt", event.occurredAt)
        json.put("recordedAt", event.recordedAt)
        json.key("actor")
        actor(event.actor, into: &json)
        json.key("facts")
        if view.disclosed { facts(event, into: &json) } else { json.null() }
        json.put("sentence", view.disclosed ? view.sentence : nil)
        json.put("hash", view.hash)
        json.close()
    }

    static func actor(_ actor: Actor, into json: inout JSON) {
        json.open()
        json.put("kind", actor.kind.rawValue)
        json.put("name", actor.name)
        json.close()
    }

    /// The facts of an event, with the reasons that people gave; the words of messages stand in `…/messages`.
    static func facts(_ event: TicketEvent, into json: inout JSON) {
        json.open()
        switch event.fact {
        case .registered(let channel, let client, _, let urgency, let agreement, let department, let readByMachine):
            json.put("channel", channel.rawValue)
            json.put("client", client)
            json.put("urgency", urgency.map(Int64.init))
            json.put("agreement", agreement)
            json.put("department", department)
            json.put("readByMachine", readByMachine)
        case .supplied(let fields, let readByMachine):
            json.put("fields", fields)
            json.put("readByMachine", readByMachine)
        case .identified(_, let client):
            json.put("client", client)
        case .correctlyLogged(let declared):
            json.put("declared", declared)
        case .severityAssigned(let severity, let from):
            json.put("severity", Int64(severity))
            json.put("from", Int64(from))
        case .coverageDecided(let decision, let rule):
            json.put("decision", decision.rawValue)
            json.put("rule", rule)
        case .assigned(_, let name, let department):
            json.put("assignee", name)
            json.put("department", department)
        case .messageAdded(let visibility, let channel, let automatic):
            json.put("message", Int64(event.number))
            json.put("visibility", visibility.rawValue)
            json.put("channel", channel.rawValue)
            json.put("automatic", automatic)
        case .suspended(let suspension, let reason):
            json.put("suspension", Int64(suspension))
            json.put("reason", reason)
        case .resumed(let suspension, let byAnswer):
            json.put("suspension", Int64(suspension))
            json.put("byAnswer", byAnswer)
        case .warned(let clock, let dueAt):
            json.put("clock", clock.rawValue)
            json.put("dueAt", dueAt)
        case .targetMissed(let clock, let dueAt, let cycle):
            json.put("clock", clock.rawValue)
            json.put("dueAt", dueAt)
            json.put("cycle", Int64(cycle))
        case .escalated(let clock, let rung, let dueAt, let notified, let tellClient, let cycle):
            json.put("clock", clock.rawValue)
            json.put("rung", Int64(rung))
            json.put("dueAt", dueAt)
            json.put("notified", notified.map(\.rawValue))
            json.put("clientTold", tellClient)
            json.put("cycle", Int64(cycle))
        case .resolutionProposed(let proposal, let due, let seconds), .resolutionAgreed(let proposal, let due, let seconds):
            json.put("proposal", Int64(proposal))
            json.put("due", due)
            json.put("workingSeconds", seconds)
        case .resolved(let fields):
            json.put("fields", fields)
        case .complained(let complaint), .complaintAnswered(let complaint):
            json.put("complaint", Int64(complaint))
        case .surveyAnswered(let score):
            json.key("answers")
            json.openList()
            for (key, text) in event.texts.sorted(by: { $0.key < $1.key }) where key.hasPrefix("survey.") {
                json.next()
                json.open()
                json.put("question", String(key.dropFirst(7)))
                json.put("answer", text)
                json.close()
            }
            json.closeList()
            json.put("score", Int64(score))
        case .zoneDataChanged(let version, let clock, let before, let after):
            json.put("zoneData", version)
            json.put("clock", clock.rawValue)
            json.put("dueBefore", before)
            json.put("dueAfter", after)
        case .routed(let rules, let tags):
            json.put("rules", rules)
            json.put("tags", tags)
        case .categorised(let kind, let cause):
            json.put("kind", kind)
            json.put("cause", cause)
        case .coverageDisputed(let complaint, let decision, let rule):
            json.put("complaint", Int64(complaint))
            json.put("decision", decision.rawValue)
            json.put("rule", rule)
        case .complaintOverdue(let complaint, let dueAt):
            json.put("complaint", Int64(complaint))
            json.put("dueAt", dueAt)
        case .merged(let ref): json.put("into", ref)
        case .unmerged(let ref), .unlinked(let ref): json.put("from", ref)
        case .absorbed(let ref), .released(let ref): json.put("ref", ref)
        case .tagged(let added, let removed):
            json.put("added", added)
            json.put("removed", removed)
        case .linked(let to, let relation):
            json.put("to", to)
            json.put("relation", relation.rawValue)
        case .followed(_, let name): json.put("name", name)
        case .timeSpent(let seconds): json.put("seconds", seconds)
        case .closingPrompted(let since): json.put("awaitedSince", since)
        case .accessGranted(let grant, let until):
            json.put("grant", Int64(grant))
            json.put("who", event.texts[TextKey.who])
            json.put("how", event.texts[TextKey.how])
            json.put("until", until)
        case .accessEnded(let grant, let expired):
            json.put("grant", Int64(grant))
            json.put("expired", expired)
        case .quoted(let quote, let effort, let price, let currency, let due):
            json.put("quote", Int64(quote))
            json.put("effortSeconds", effort)
            json.put("price", Money.plain(price))
            json.put("currency", currency)
            json.put("due", due)
            json.put("deliverables", event.texts[TextKey.deliverables])
        case .quoteWithdrawn(let quote), .quoteDeclined(let quote): json.put("quote", Int64(quote))
        case .quoteAccepted(let quote, let work):
            json.put("quote", Int64(quote))
            json.put("work", work)
        case .unsolvedEscalated(let rung, let dueAt, let notified, let tellClient, let cycle):
            json.put("clock", "unsolved")
            json.put("rung", Int64(rung))
            json.put("dueAt", dueAt)
            json.put("notified", notified.map(\.rawValue))
            json.put("clientTold", tellClient)
            json.put("cycle", Int64(cycle))
        case .workOrdered(let origin, let quote, let effort, let price, let currency):
            json.put("origin", origin)
            json.put("quote", Int64(quote))
            json.put("effortSeconds", effort)
            json.put("price", Money.plain(price))
            json.put("currency", currency)
        case .taskAdded(let task, _, let name, let due):
            json.put("task", Int64(task))
            json.put("text", event.texts[TextKey.task])
            json.put("assignee", name)
            json.put("due", due)
        case .taskDone(let task), .taskReopened(let task), .taskRemoved(let task):
            json.put("task", Int64(task))
            json.put("text", event.texts[TextKey.task])
        case .customised(let fields): json.put("fields", fields)
        case .split(let message, let into):
            json.put("message", Int64(message))
            json.put("into", into)
        case .contactAttempted(let contact, let way, let reached):
            json.put("contact", contact)
            json.put("who", event.texts[TextKey.who])
            json.put("way", way.rawValue)
            json.put("reached", reached)
        case .splitFrom(let ref, let message):
            json.put("ref", ref)
            json.put("message", Int64(message))
        case .responded, .resolutionWithdrawn, .confirmed, .closingNoticed, .closingListed, .closed, .reopened, .unfollowed: break
        }
        let isSuspension = if case .suspended = event.fact { true } else { false }
        if !isSuspension, let reason = event.texts[TextKey.reason] { json.put("reason", reason) }
        if let note = event.texts[TextKey.note] { json.put("note", note) }
        if let effect = event.texts[TextKey.effect] { json.put("effect", effect) }
        if let impact = event.texts[TextKey.impact] { json.put("impact", impact) }
        if let subject = event.texts[TextKey.subject] { json.put("subject", subject) }
        json.close()
    }

    static func message(_ message: AbideDesk.MessageView, ref: String, into json: inout JSON) {
        json.open()
        json.put("id", Int64(message.id))
        json.put("body", message.body)
        json.put("html", MessageHTML.html(message).string)
        json.put("visibility", message.visibility.rawValue)
        json.key("author")
        actor(message.author, into: &json)
        json.put("at", message.at)
        json.put("channel", message.channel.rawValue)
        json.put("automatic", message.automatic)
        json.key("attachments")
        json.openList()
        for attachment in message.attachments {
            json.next()
            json.open()
            json.put("id", attachment.id)
            json.put("name", attachment.name)
            json.put("type", attachment.type)
            json.put("size", Int64(attachment.size))
            json.close()
        }
        json.closeList()
        json.close()
    }
}
