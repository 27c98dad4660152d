import AbideCore
import AbideDesk
import AbideWeb
import ArgumentParser

/// `abide clock explain REF`: every interval of a ticket's clocks, and the sums (C7).
struct ClockExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "explain", abstract: "Lists every interval of a ticket's clocks with its reason, and the sums.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The ticket's reference, as ABD-1042.") var ref: String
    @Flag(help: "Prints the object that the API gives.") var json = false

    func run() async throws {
        try await speaking {
            let desk = try await store.desk()
            guard let view = try await desk.logOf(ref)?.view else { throw Stop("There is no ticket \(ref).", code: 1) }
            if json {
                say(TicketJSON.clocks(view))
            } else {
                let when = desk.when(for: nil, view.agreement)
                say("\(view.ticket.ref)  \(view.ticket.subject)")
                say("\(view.agreement.terms.name), version \(view.agreement.terms.version); zone rules \(desk.zoneData.isEmpty ? "of the system" : desk.zoneData)")
                for name in view.agreement.terms.clocks {
                    let reading = view.reading(name)
                    say("")
                    say("\(name.words): \(reading.state.rawValue)\(reading.outcome.map { ", \($0.rawValue)" } ?? "")")
                    if reading.state == .notStarted {
                        let missing = view.ticket.missing(view.agreement)
                        if !missing.isEmpty { say("  the clock has not started: \(missing.joined(separator: ", ")) missing") }
                        continue
                    }
                    for interval in view.intervals(name) {
                        let amount = interval.kind == .counted ? Duration.words(interval.seconds) : interval.kind == .suspended ? "(\(Duration.words(interval.lost)))" : "-"
                        let reason = interval.kind == .suspended ? view.agreement.suspensionReason(interval.reason)?.label ?? interval.reason : interval.reason
                        say("  \(interval.from.rfc3339)  \(interval.to.rfc3339)  \(interval.kind.rawValue)\(reason.isEmpty ? "" : ": \(reason)")  \(amount)")
                    }
                    say("  used    \(Duration.words(reading.usedSeconds))")
                    if let left = reading.leftSeconds { say("  left    \(Duration.words(left))") }
                    if let target = reading.targetSeconds { say("  target  \(Duration.words(target))") }
                    if let due = reading.due { say("  due     \(due.rfc3339), \(when(due))") }
                }
            }
            try await desk.close()
        }
    }
}
