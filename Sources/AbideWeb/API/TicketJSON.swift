import AbideCore
package import AbideDesk

/// The API's shapes of a ticket and its clocks.
package enum TicketJSON {
    /// `{"response":clock,"resolution":clock}`, each with its intervals: the answer of `GET …/clocks` and of `abide clock explain --json`.
    package static func clocks(_ view: AbideDesk.TicketView) -> String {
        var json = JSON(capacity: 4096)
        json.open()
        for name in view.agreement.terms.clocks {
            json.key(name: name.rawValue)
            clock(view.reading(name), intervals: view.intervals(name), into: &json)
        }
        json.close()
        return json.text
    }

    static func ticket(_ view: AbideDesk.TicketView, into json: inout JSON) {
        let ticket = view.ticket
        let agreement = view.agreement
        json.open()
        json.put("ref", ticket.ref)
        json.put("version", Int64(ticket.head))
        json.put("subject", ticket.subject)
        json.put("status", view.status.rawValue)
        json.put("severity", Int64(ticket.severity))
        json.put("severityIsAssigned", ticket.severityIsAssigned)
        json.put("urgency", ticket.urgency.map(Int64.init))
        json.put("channel", ticket.channel.rawValue)
        json.key("client")
        if let client = view.client {
            json.open()
            json.put("id", client.id)
            json.put("name", client.name)
            json.close()
        } else {
            json.null()
        }
        json.key("contact")
        json.open()
        json.put("email", view.contact?.email ?? ticket.contactEmail)
        json.put("name", view.contact?.name ?? ticket.contactName)
        json.close()
        json.put("assignee", view.assignee?.email)
        json.put("assigneeName", ticket.assignee == nil ? nil : view.assignee?.name ?? ticket.assigneeName)
        json.put("department", ticket.department)
        json.put("registeredAt", ticket.registeredAt)
        json.put("loggedAt", ticket.loggedAt)
        json.put("resolvedAt", ticket.resolvedAt)
        json.put("closedAt", ticket.closedAt)
        json.put("updatedAt", ticket.updatedAt)
        json.put("missing", ticket.missing(agreement))
        json.key("coverage")
        json.open()
        json.put("decision", ticket.coverage.rawValue)
        json.put("rule", ticket.coverageRule)
        json.put("kind", ticket.kind)
        json.put("cause", ticket.cause)
        json.put("disputed", ticket.complaints.contains { $0.isAboutCoverage && $0.answeredAt == nil })
        json.close()
        json.key("suspensions")
        json.openList()
        for suspension in ticket.suspensions {
            json.next()
            json.open()
            json.put("id", Int64(suspension.id))
            json.put("reason", suspension.reason)
            json.put("label", agreement.suspensionReason(suspension.reason)?.label ?? suspension.reason)
            json.put("note", suspension.note)
            json.put("since", suspension.since)
            json.close()
        }
        json.closeList()
        json.key("clocks")
        json.open()
        for name in agreement.terms.clocks {
            json.key(name: name.rawValue)
            clock(view.reading(name), intervals: nil, into: &json)
        }
        json.close()
        json.key("agreement")
        Self.agreement(agreement.terms, into: &json)
        json.put("fields", ticket.fields)
        json.put("readByMachine", ticket.readByMachine.sorted())
        json.put("tags", ticket.tags ?? [])
        json.put("mergedInto", ticket.merging?.into)
        json.key("closing")
        if let closing = ticket.closing {
            json.open()
            json.put("noticedAt", closing.noticedAt)
            json.put("closableAt", ticket.closableAt(agreement))
            json.put("listed", closing.listed)
            json.close()
        } else {
            json.null()
        }
        json.key("escalation")
        json.open()
        for name in agreement.terms.clocks { json.put(name: name.rawValue, Int64(highestRung(ticket, name))) }
        json.close()
        json.key("proposals")
        json.openList()
        for proposal in ticket.proposals {
            json.next()
            json.open()
            json.put("id", Int64(proposal.id))
            json.put("due", proposal.due)
            json.put("workingSeconds", proposal.workingSeconds)
            json.put("by", proposal.byStaff ? "staff" : "contact")
            json.put("accepted", proposal.accepted)
            json.put("at", proposal.at)
            json.close()
        }
        json.closeList()
        json.key("complaints")
        json.openList()
        for complaint in ticket.complaints {
            json.next()
            json.open()
            json.put("id", Int64(complaint.id))
            json.put("at", complaint.at)
            json.put("answeredAt", complaint.answeredAt)
            json.put("due", ticket.due(complaint, agreement))
            json.put("aboutCoverage", complaint.isAboutCoverage)
            json.key("clock")
            clock(ticket.reading(complaint, agreement, at: view.now), intervals: nil, into: &json)
            json.close()
        }
        json.closeList()
        accessAndQuotes(ticket, into: &json)
        json.put("reopened", Int64(ticket.reopenedCount))
        json.close()
    }

    /// L5 and M5.
    private static func accessAndQuotes(_ ticket: Ticket, into json: inout JSON) {
        json.key("access")
        json.openList()
        for grant in ticket.grants {
            json.next()
            json.open()
            json.put("id", Int64(grant.id))
            json.put("who", grant.who)
            json.put("how", grant.how)
            json.put("from", grant.from)
            json.put("until", grant.until)
            json.put("endedAt", grant.endedAt)
            json.close()
        }
        json.closeList()
        json.key("quotes")
        json.openList()
        for quote in ticket.quotes {
            json.next()
            json.open()
            json.put("id", Int64(quote.id))
            json.put("state", quote.state.rawValue)
            json.put("effortSeconds", quote.effortSeconds)
            json.put("price", Money.plain(quote.price))
            json.put("currency", quote.currency)
            json.put("deliverables", quote.deliverables)
            json.put("due", quote.due)
            json.put("at", quote.at)
            json.put("decidedAt", quote.decidedAt)
            json.put("work", quote.work)
            json.close()
        }
        json.closeList()
        json.key("origin")
        if let origin = ticket.origin {
            json.open()
            json.put("ticket", origin.ref)
            json.put("quote", Int64(origin.quote))
            json.close()
        } else {
            json.null()
        }
    }

    static func agreement(_ terms: AgreementTerms, into json: inout JSON) {
        json.open()
        json.put("name", terms.name)
        json.put("version", Int64(terms.version))
        json.put("digest", terms.digest)
        json.close()
    }

    /// - Parameter intervals: nil leaves them out.
    static func clock(_ reading: ClockReading, intervals: [ClockReading.Interval]?, into json: inout JSON) {
        json.open()
        json.put("state", reading.state.rawValue)
        json.put("outcome", reading.outcome?.rawValue)
        json.put("targetSeconds", reading.targetSeconds)
        json.put("startedAt", reading.startedAt)
        json.put("due", reading.due)
        json.put("stoppedAt", reading.stoppedAt)
        json.put("usedSeconds", reading.usedSeconds)
        json.put("leftSeconds", reading.leftSeconds)
        if let intervals {
            json.key("intervals")
            json.openList()
            for interval in intervals {
                json.next()
                json.open()
                json.put("from", interval.from)
                json.put("to", interval.to)
                json.put("kind", interval.kind.rawValue)
                json.put("seconds", interval.seconds)
                json.put("reason", interval.reason)
                json.close()
            }
            json.closeList()
        }
        json.close()
    }

    /// The highest rung of a clock over all its cycles.
    private static func highestRung(_ ticket: Ticket, _ name: ClockName) -> Int {
        ticket.rungs.filter { $0.key.hasPrefix(name.rawValue + "/") }.values.max() ?? 0
    }
}
