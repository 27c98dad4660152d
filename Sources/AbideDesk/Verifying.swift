package import AbideCore
import AbideStore
import Foundation

extension Desk {
    /// After the store went back in time: numbers of tickets that it has forgotten are not given again.
    /// - Returns: the next number.
    package func skipTicketNumbers() async throws -> Int64 { try await db.write { try $0.skipTicketNumbers() } }

    /// Checks the chain of every ticket, that every row that lists, pages and the tick read follows from the log, and so every figure
    /// of every issued report.
    /// - Returns: how much was checked, and the first fault in words.
    package func verify() async throws -> (tickets: Int, events: Int, reports: Int, fault: String?) {
        let now = now()
        return try await db.read { session in
            if let fault = try session.verifyAll().first { return (0, 0, 0, "ABD-\(fault.ticket): \(fault)") }
            var tickets = 0, events = 0
            var fault: String?
            let decoder = JSONDecoder()
            try session.eachHistory { key, stored in
                guard fault == nil else { return }
                tickets += 1
                events += stored.count
                let log = try stored.map { try self.decoded($0, decoder).event }
                guard let first = log.first, case .registered(_, _, _, _, let digest, _, _) = first.fact else {
                    fault = "\(key.ref): the log does not begin with its registration"
                    return
                }
                let agreement = try self.agreement(digest: digest, session)
                guard let folded = Ticket(id: key.id, ref: key.ref, events: log, agreement: agreement) else { return }
                guard let record = try session.ticket(id: key.id), let kept = try? decoder.decode(Ticket.self, from: Data(record.state.utf8)) else {
                    fault = "\(key.ref): its row can't be read"
                    return
                }
                if folded != kept { fault = "\(key.ref): what stands in its row does not follow from its log" }
                var wanted = try Self.record(of: folded, agreement, headHash: record.headHash)
                wanted.state = record.state
                if wanted != record { fault = "\(key.ref): what lists show of it does not follow from its log" }
                // What is due already and could not happen is put off by the tick; all else must stand in the table, and nothing besides.
                let due = Set(Self.timers(of: folded, agreement)), stored = Set(try session.timers(of: key.id))
                if !stored.isSubset(of: due) || !due.filter({ $0.dueAt > now }).isSubset(of: stored) { fault = "\(key.ref): its timers do not follow from its log" }
            }
            if let fault { return (tickets, events, 0, fault) }
            let reports = try self.faultInReports(session)
            return (tickets, events, reports.count, reports.fault)
        }
    }

    /// The reference of the ticket that a received mail became, or added to.
    package func reference(ofMail id: Int64) async throws -> String? {
        try await db.read { session in try session.mail(id: id)?.ticket.flatMap { try session.ticket(id: $0)?.ref } }
    }

    package func clientID(named name: String) async throws -> Int64 {
        guard let client = try await people().clients.values.first(where: { $0.name.lowercased() == name.lowercased() }) else { throw Refusal(.unknown, "There is no client \(name).") }
        return client.id
    }
}
