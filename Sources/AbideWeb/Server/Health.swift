import AbideCore
import AbideDesk
import HTTPTypes
import Foundation
import Hummingbird

/// Whether the desk lives and is ready, and its figures, for what watches it.
enum Health {
    static func add(to router: Router<AbideRequestContext>, _ web: Web) {
        router.get("/health/live") { _, _ in Response(type: "text/plain; charset=utf-8", body: Array("live\n".utf8)) }
        router.get("/health/ready") { _, _ in
            guard await web.desk.isReady() else {
                throw PlainError(503, "The desk is not ready: its store does not answer, or it is starting or stopping.", headers: [("Retry-After", "1")])
            }
            return Response(type: "text/plain; charset=utf-8", body: Array("ready\n".utf8))
        }
        router.get("/metrics") { _, _ in
            let condition = await web.desk.condition()
            let text = metrics(web.counters.byClass, web.counters.latencies, condition, version: web.desk.settings.version, zoneData: web.desk.zoneData) + mailboxes(condition.mailboxes)
            return Response(type: "text/plain; version=0.0.4; charset=utf-8", body: Array(text.utf8))
        }
    }

    /// A mailbox that can't be read is never silent.
    static func mailboxes(_ sources: [DeskCondition.Mailbox]) -> String {
        guard !sources.isEmpty else { return "" }
        return "# HELP abide_mailbox_failing 1 while a mailbox can't be read.\n# TYPE abide_mailbox_failing gauge\n"
            + sources.map { "abide_mailbox_failing{mailbox=\"\($0.address.filter { $0 != "\"" && $0 != "\\" })\"} \($0.failingSince == nil ? 0 : 1)\n" }.joined()
    }

    /// The text format of Prometheus. Without figures of the store the desk is not ready.
    static func metrics(
        _ requests: [(name: String, count: Int)], _ latencies: (counts: [Int], sum: Double), _ condition: DeskCondition, version: String, zoneData: String = ""
    ) -> String {
        var text = ""
        func add(_ name: String, _ type: String, _ help: String, _ rows: [(label: String, value: Int)]) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
            for row in rows { text += "\(name)\(row.label) \(row.value)\n" }
        }
        func labelled(_ label: String, _ counts: [String: Int], _ known: [String]) -> [(label: String, value: Int)] {
            known.map { ("{\(label)=\"\($0)\"}", counts[$0] ?? 0) }
        }
        add("abide_info", "gauge", "The running version.", [("{version=\"\(version)\"}", 1)])
        add("abide_zone_data_info", "gauge", "The version of the time-zone data by which deadlines are counted.", [("{version=\"\(zoneData)\"}", 1)])
        add("abide_ready", "gauge", "1 while the store answers and takes writes.", [("", condition.takesWrites ? 1 : 0)])
        add("abide_http_requests_total", "counter", "Answered requests by class of status.", requests.map { ("{class=\"\($0.name)\"}", $0.count) })
        text += histogram(latencies)
        add("abide_resident_bytes", "gauge", "Memory of the process.", [("", resident)])
        let kept = condition.upkeep.sorted { $0.key.rawValue < $1.key.rawValue }.compactMap { kind, note in note.doneAt.map { (label: "{what=\"\(kind.rawValue)\"}", value: Int(condition.at - $0)) } }
        if !kept.isEmpty { add("abide_kept_age_seconds", "gauge", "How long ago this node wrote a backup, the continuity pack, signed heads.", kept) }
        if let disk = condition.disk { add("abide_disk_free_bytes", "gauge", "Room on the disk of the data folder.", [("", Int(disk.free))]) }
        if !condition.nodes.isEmpty {
            let there = condition.nodes.count { !condition.isSilent($0) }
            add("abide_nodes", "gauge", "Nodes on this database; silent ones have not stopped by themselves.", [("{state=\"there\"}", there), ("{state=\"silent\"}", condition.nodes.count - there)])
        }
        guard let figures = condition.figures else { return text }
        let statuses = Ticket.Status.allCases.filter { $0 != .closed }.map(\.rawValue)
        add("abide_tickets", "gauge", "Tickets that are not closed, by status.", labelled("status", figures.tickets, statuses))
        add("abide_tickets_escalated", "gauge", "Tickets that are not closed and were escalated.", [("", figures.escalated)])
        add("abide_outbox", "gauge", "Mails that leave, by state.", labelled("state", figures.outbox, ["queued", "sent", "failed", "held", "bounced", "dropped"]))
        add("abide_mail_in", "gauge", "Mails that came, by state; received ones wait to be registered.", labelled("state", figures.mailIn, ["received", "registered", "ignored", "setAside", "junk"]))
        add("abide_outbox_age_seconds", "gauge", "How long the oldest mail that is to leave has waited.", [("", Int(figures.outboxAge))])
        add("abide_outbox_unreached", "gauge", "Mails for which no relay answered; they are tried again.", [("", figures.unreached)])
        add("abide_mail_in_age_seconds", "gauge", "How long the oldest mail that is not read yet has waited.", [("", Int(figures.mailInAge))])
        add("abide_timers_due", "gauge", "Timers that are due and not carried out yet.", [("", figures.timersDue)])
        add("abide_timers_late_seconds", "gauge", "How long the first of them has been due.", [("", Int(figures.timersLate))])
        add("abide_search_waiting", "gauge", "Tickets whose new words are not searched yet.", [("", figures.unsearched)])
        add("abide_clock_offset_seconds", "gauge", "By how much this machine's clock is ahead of the one that the desk goes by.", [("", Int(figures.clockOffset))])
        add("abide_clock_jumps_total", "counter", "Jumps of the clock by more than a minute.", [("", figures.clockJumps)])
        return text
    }

    /// How long answers took, in the form that Prometheus adds up.
    private static func histogram(_ latencies: (counts: [Int], sum: Double)) -> String {
        let name = "abide_http_request_seconds"
        var text = "# HELP \(name) Seconds until a request was answered.\n# TYPE \(name) histogram\n"
        var sum = 0
        for (index, count) in latencies.counts.enumerated() {
            sum += count
            text += "\(name)_bucket{le=\"\(index < RequestCounters.limits.count ? String(RequestCounters.limits[index]) : "+Inf")\"} \(sum)\n"
        }
        return text + "\(name)_sum \(latencies.sum)\n\(name)_count \(sum)\n"
    }

    /// Bytes, as the kernel counts them.
    private static var resident: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 128)
        guard fgets(&buffer, 128, file) != nil else { return 0 }
        let parts = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
        return parts.count > 1 ? (Int(parts[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
    }
}
