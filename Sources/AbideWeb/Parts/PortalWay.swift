import AbideCore

/// Where a ticket is on its way, and what comes next (B4), from its events.
enum PortalWay {
    private enum Mark { case done, paused, now, missed, ahead }

    private struct Step {
        var mark: Mark
        var title: String
        var text = ""
        var at = ""
    }

    static func html(_ view: PortalTicketView, _ page: PageContext) -> HTML {
        "<ol class=\"steps\">\(each: steps(view, page), html)</ol>"
    }

    private static func html(_ step: Step) -> HTML {
        let style: HTML = switch step.mark {
        case .done: "done"
        case .paused: "paused"
        case .now: "now"
        case .missed: "missed"
        case .ahead: "ahead"
        }
        return "<li class=\"\(style)\"><i aria-hidden=\"true\">\(if: step.mark == .done, Icon.check.html)</i><div><b>\(step.title)</b>\(if: !step.text.isEmpty, "<span>\(step.text)</span>")</div><span class=\"at\">\(step.at)</span></li>"
    }

    private static func steps(_ view: PortalTicketView, _ page: PageContext) -> [Step] {
        let ticket = view.ticket
        let events = ticket.timeline.compactMap { if case .event(let event) = $0 { event } else { nil } }
        func at(_ t: Instant) -> String { page.words.stamp(t, now: page.now) }
        func first(_ type: String) -> EventView? { events.first { $0.type == type } }
        func last(_ type: String) -> EventView? { events.last { $0.type == type } }
        var steps: [Step] = []
        if let logged = ticket.response.reading.startedAt ?? first("correctlyLogged")?.at {
            steps.append(Step(mark: .done, title: say("Logged"), at: at(logged)))
        } else {
            steps.append(Step(mark: .done, title: say("Registered"), at: at(ticket.registeredAt)))
            steps.append(Step(mark: .now, title: say("Complete"), text: ticket.missing.isEmpty ? "" : say("missing: \(ticket.missing.map(lowerFirst).joined(separator: ", "))"), at: say("waits")))
        }
        let response = ticket.response, target = response.reading.targetSeconds
        let used = DurationWords.say(response.reading.usedSeconds, target: target)
        let within = target.map { say("in \(used), promised within \(DurationWords.say($0, target: $0))") } ?? say("in \(used)")
        if response.state == .ended, ticket.connections.merging != nil {
            // Nothing was answered here.
        } else if let answered = response.reading.stoppedAt {
            steps.append(Step(mark: .done, title: say("First answer"), text: within, at: at(answered)))
        } else if response.reading.startedAt != nil {
            let isLate = response.state == .missed
            steps.append(Step(mark: isLate ? .missed : .now, title: say("First answer"), text: isLate ? "\(response.headline)" : "", at: response.reading.due.map { isLate ? say("was due \(at($0))") : say("by \(at($0))") } ?? say("soon")))
        } else {
            steps.append(Step(mark: .ahead, title: say("First answer")))
        }
        if let agreed = last("resolutionAgreed") { steps.append(Step(mark: .done, title: say("Date agreed"), at: at(agreed.at))) }
        let lost = suspensions(ticket.resolution.intervals).reduce(Int64(0)) { $0 + $1.lost }
        if let paused = first("suspended"), lost > 0 || !ticket.suspensions.isEmpty {
            let reason = ticket.resolution.intervals.last { $0.kind == .suspended }.map { ticket.resolution.reasons[$0.reason] ?? $0.reason } ?? ""
            steps.append(Step(mark: .paused, title: say("Paused \(DurationWords.say(lost, target: ticket.resolution.reading.targetSeconds))"), text: lowerFirst(reason), at: at(paused.at)))
        }
        if let merging = ticket.connections.merging { return steps + [Step(mark: .done, title: say("Goes on in \(merging.into)"), at: at(merging.at))] }
        switch ticket.status {
        case .registered, .open, .awaitingClient:
            if response.reading.stoppedAt != nil {
                let isWaiting = ticket.status == .awaitingClient
                let text = isWaiting ? "" : ticket.assignee.map { say("\($0.firstName) is working on it") } ?? ""
                steps.append(Step(mark: .now, title: isWaiting ? say("Waits for you") : say("Being solved"), text: text, at: say("now")))
            }
            steps.append(Step(mark: .ahead, title: say("Solved"), at: ticket.resolution.reading.due.map { say("by \(at($0))") } ?? ""))
            steps.append(Step(mark: .ahead, title: view.readerIsLogger ? say("Confirmed by you") : say("Confirmed by \(view.logger)")))
        case .resolved:
            steps.append(Step(mark: .done, title: say("Solved"), text: early(ticket), at: view.resolvedAt.map(at) ?? ""))
            steps.append(Step(mark: .now, title: view.readerIsLogger ? say("Confirmed by you") : say("Confirmed by \(view.logger)"), at: say("waits")))
        case .closed:
            if let resolved = view.resolvedAt { steps.append(Step(mark: .done, title: say("Solved"), text: early(ticket), at: at(resolved))) }
            if let closed = last("closed") { steps.append(Step(mark: .done, title: say("Closed"), at: at(closed.at))) }
        }
        return steps
    }

    /// "46 m before the agreed time"
    private static func early(_ ticket: TicketView) -> String {
        guard let left = ticket.resolution.reading.leftSeconds, let target = ticket.resolution.reading.targetSeconds else { return "" }
        let length = DurationWords.say(left, target: target)
        return left >= 0 ? say("\(length) before the agreed time") : say("\(length) after the agreed time")
    }
}
