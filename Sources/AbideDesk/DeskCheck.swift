import AbideCore
import AbideStore

/// One thing that the desk needs: whether it is as it should be, in words, and what to do where it is not.
package struct DeskCheck: Sendable, Hashable {
    package enum State: String, Sendable {
        /// Something does not work.
        case wrong
        /// It works; somebody should look all the same.
        case look
        case good
        /// Nobody asked for it.
        case unused
    }

    package var id: String
    package var title: String
    package var state: State
    package var fact: String
    /// Empty where all is right.
    package var advice = ""
    /// The page where it can be seen to.
    package var page = ""
}

/// The limits beyond which something is wrong; docs/reliability.md names them as alarms.
extension DeskCondition {
    package static let outboxSeconds: Int64 = 900, mailInSeconds: Int64 = 60, timerSeconds: Int64 = 30, clockSeconds: Int64 = 60
    static let backupSeconds: Int64 = 26 * 3600, packSeconds: Int64 = 2 * 900, headSeconds: Int64 = 3 * 300, nodeSilence: Int64 = 30, unsearched = 1000

    /// What is wrong first, each kind in a fixed order.
    package var checks: [DeskCheck] {
        let order: [DeskCheck.State] = [.wrong, .look, .good, .unused]
        let all = [store] + (figures.map { [timers($0), outgoing($0), givenUp($0), incoming($0)] + mailboxes.map(check) + [clock($0), search($0)] } ?? []) + [backup, pack, heads, room].compactMap(\.self) + nodeCheck
        return order.flatMap { state in all.filter { $0.state == state } }
    }

    /// What administrators are told of on every page of administration.
    package var troubles: [DeskCheck] { checks.filter { $0.state == .wrong || $0.state == .look } }

    /// `4 s`, `12 m`, `3 h`, `5 days`
    package static func length(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "\(max(0, seconds)) s"
        case ..<3600: "\(seconds / 60) m"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }

    private func ago(_ instant: Instant) -> String { Self.length(at - instant) + " ago" }

    private var store: DeskCheck {
        let place = disk == nil ? "Look at the database's server: whether it runs, takes writes, and has room." : "Look at the disk of the data folder: it may be full, mounted read-only, or broken."
        let meanwhile = "Until then mail is answered 451 and calls 503, and their senders try again. The desk goes on by itself."
        guard figures != nil else { return DeskCheck(id: "store", title: "Database", state: .wrong, fact: "Does not answer.", advice: "\(place) \(meanwhile)") }
        guard takesWrites else { return DeskCheck(id: "store", title: "Database", state: .wrong, fact: "Answers, but takes no writes.", advice: "\(place) \(meanwhile)") }
        return DeskCheck(id: "store", title: "Database", state: .good, fact: "Answers and takes writes.")
    }

    private func timers(_ figures: DeskFigures) -> DeskCheck {
        var check = DeskCheck(id: "timers", title: "Timers", state: .good, fact: figures.timersDue == 0 ? "None is late." : "\(figures.timersDue) due, the first for \(Self.length(figures.timersLate)).")
        if figures.timersHeld > 0 { check.fact += " \(figures.timersHeld == 1 ? "One closing waits" : "\(figures.timersHeld) closings wait") after a long stop, until answers under way had time to come in." }
        if figures.timersLate > Self.timerSeconds {
            check.state = .wrong
            check.advice = "Reminders and escalations come late. After a long stop this passes within a minute. If it stays, look for \u{201C}a timer could not be carried out\u{201D} in the log, and at the machine's load."
        }
        return check
    }

    private func outgoing(_ figures: DeskFigures) -> DeskCheck {
        let waiting = figures.outbox["queued"] ?? 0, held = figures.outbox["held"] ?? 0
        var check = DeskCheck(id: "outgoing", title: "Mail that leaves", state: .good, fact: waiting == 0 ? "Nothing waits." : "\(waiting) \(waiting == 1 ? "waits" : "wait"), the oldest for \(Self.length(figures.outboxAge)).", page: "/outbox")
        if held > 0 { check.fact += " \(held) \(held == 1 ? "is" : "are") held back." }
        guard sendsMail else {
            check.state = .unused
            check.fact = "No relay is set, so nothing leaves\(held == 0 ? "." : "; \(held) kept in the outbox.")"
            check.advice = "Start the desk with --relay, and send what is kept from the outbox."
            return check
        }
        let said = figures.putOffBecause.map { " The reason heard: \($0.hasPrefix(OutboxItem.unreached) ? String($0.dropFirst(OutboxItem.unreached.count)) : $0)." } ?? ""
        if figures.unreached > 0 {
            check.state = .wrong
            check.fact = "The relay does not answer. " + check.fact
            check.advice = "See whether the relay runs, and whether --relay names it rightly.\(said) Nothing is lost: each mail is tried again for five days, and all at once as soon as one gets through."
        } else if figures.outboxAge > Self.outboxSeconds {
            check.state = .wrong
            check.advice = "The relay puts mail off.\(said) The outbox says what each waits for."
        } else if figures.putOff > 0 {
            check.fact += " \(figures.putOff) put off by the relay and tried again.\(said)"
        }
        return check
    }

    private func givenUp(_ figures: DeskFigures) -> DeskCheck {
        let failed = figures.outbox["failed"] ?? 0, bounced = figures.outbox["bounced"] ?? 0
        let returned = bounced == 0 ? "" : " \(bounced) came back; \(bounced == 1 ? "its ticket says" : "their tickets say") so."
        guard failed > 0 else { return DeskCheck(id: "givenUp", title: "Mails given up", state: .good, fact: "None." + returned, page: "/outbox") }
        return DeskCheck(
            id: "givenUp", title: "Mails given up", state: .look, fact: "\(failed) \(failed == 1 ? "was" : "were") refused for good, or tried for five days." + returned,
            advice: "Open each in the outbox: it says why. Correct the address and send it again, or drop it with a reason.", page: "/outbox")
    }

    private func incoming(_ figures: DeskFigures) -> DeskCheck {
        let aside = figures.mailIn["setAside"] ?? 0
        var check = DeskCheck(id: "incoming", title: "Mail that comes in", state: .good, fact: figures.mailInAge == 0 ? "All that came is registered." : "The oldest that is not registered yet came \(Self.length(figures.mailInAge)) ago.", page: "/mail")
        if aside > 0 { check.fact += " \(aside) \(aside == 1 ? "is" : "are") set aside for somebody to look at." }
        if figures.mailInAge > Self.mailInSeconds {
            check.state = .wrong
            check.advice = "It is stored, but makes no ticket yet. The log says why; if very much came at once, this passes."
        }
        return check
    }

    private func check(_ mailbox: Mailbox) -> DeskCheck {
        let title = "Mailbox \(mailbox.address)", id = "mailbox." + mailbox.address
        if let since = mailbox.failingSince {
            return DeskCheck(
                id: id, title: title, state: .wrong, fact: "Can't be read since \(Self.length(at - since)): \(mailbox.error ?? "no reason heard").",
                advice: "See whether its server runs, and whether password or token still hold. Mail that waits there is registered as soon as it can be read.", page: "/mail")
        }
        return DeskCheck(id: id, title: title, state: .good, fact: mailbox.readAt.map { "Read \(ago($0))." } ?? "Not read yet.", page: "/mail")
    }

    private func clock(_ figures: DeskFigures) -> DeskCheck {
        let offset = figures.clockOffset
        if abs(offset) > Self.clockSeconds {
            return DeskCheck(
                id: "clock", title: "Clock", state: .wrong, fact: "This machine's clock is \(Self.length(abs(offset))) \(offset > 0 ? "ahead of" : "behind") the database's, by which the desk goes.",
                advice: "Deadlines are right as long as the database's clock is. See to the time service of whichever machine is wrong.")
        }
        if let jump = lastJump, at - jump.at < 86_400 {
            return DeskCheck(
                id: "clock", title: "Clock", state: .look,
                fact: "Jumped \(jump.seconds > 0 ? "forward" : "back") by \(Self.length(abs(jump.seconds))), \(ago(jump.at))\(figures.clockJumps > 1 ? "; \(figures.clockJumps) jumps since the start" : "").",
                advice: "Deadlines are judged by the new time, and nothing was closed for a quarter of an hour. See to the machine's time service.")
        }
        return DeskCheck(id: "clock", title: "Clock", state: .good, fact: "Runs evenly.")
    }

    private func search(_ figures: DeskFigures) -> DeskCheck {
        var check = DeskCheck(id: "search", title: "Search", state: .good, fact: figures.unsearched == 0 ? "Finds all that was written." : "New words of \(figures.unsearched) ticket\(figures.unsearched == 1 ? "" : "s") are not found yet.")
        if figures.unsearched > Self.unsearched {
            check.state = .look
            check.advice = "After a large import or an upgrade this passes by itself. If it grows, the log says why."
        }
        return check
    }

    // MARK: What is kept elsewhere

    private var backup: DeskCheck {
        kept(.backup, "Backups", limit: Self.backupSeconds, first: 1200, unused: "None are scheduled.", how: "Start the desk with --backups DIR for one a day, or see to `abide backup` by other means.", works: "The last was made")
    }

    private var pack: DeskCheck {
        kept(.continuity, "Continuity pack", limit: Self.packSeconds, first: 180, unused: "None is written.", how: "Name a folder with --continuity, or addresses with --continuity-mail: then work can go on while the desk is away.", works: "The last was written")
    }

    private var heads: DeskCheck {
        kept(.heads, "Signed heads", limit: Self.headSeconds, first: 120, unused: "None are signed.", how: "Name a file with --heads.", works: "The log's heads were signed")
    }

    /// - Parameter first: so long after its start the desk must have done it for the first time.
    private func kept(_ kind: Upkeep.Kind, _ title: String, limit: Int64, first: Int64, unused: String, how: String, works: String) -> DeskCheck {
        guard let note = upkeep[kind] else { return DeskCheck(id: kind.rawValue, title: title, state: .unused, fact: unused, advice: how) }
        let done = note.doneAt.map { "\(works) \(ago($0)), in \(note.place)." } ?? ""
        let isLate = at - max(note.doneAt.map { $0 + limit } ?? upSince, upSince + first) > 0
        guard note.error != nil || isLate else { return DeskCheck(id: kind.rawValue, title: title, state: .good, fact: done.isEmpty ? "The first is due within minutes, in \(note.place)." : done) }
        return DeskCheck(
            id: kind.rawValue, title: title, state: .wrong, fact: (done.isEmpty ? "Not done yet, in \(note.place)." : done) + (note.error.map { " It fails since: \($0)" } ?? ""),
            advice: "See whether the place can be written to and has room. It is tried again by itself.")
    }

    private var room: DeskCheck? {
        guard let disk else { return nil }
        let percent = disk.free * 100 / disk.size
        var check = DeskCheck(id: "disk", title: "Disk of the data folder", state: .good, fact: "\(DiskSpace.say(disk.free)) of \(DiskSpace.say(disk.size)) are free.")
        if disk.free < 200_000_000 || percent < 5 && disk.free < 5_000_000_000 { check.state = .wrong } else if disk.free < 1_000_000_000 || percent < 10 && disk.free < 20_000_000_000 { check.state = .look }
        if check.state != .good { check.advice = "Make room, or move the folder to a larger disk. With less than \(DiskSpace.say(disk.reserve)) new mail and changes are put off (452 and 503), while reading, timers and mail that leaves go on; with room all goes on by itself." }
        return check
    }

    /// It did not stop by itself, and says nothing any more.
    package func isSilent(_ node: Node) -> Bool { at - node.seenAt > Self.nodeSilence }

    private var nodeCheck: [DeskCheck] {
        guard !nodes.isEmpty else { return [] }
        let silent = nodes.filter(isSilent)
        let there = nodes.count - silent.count
        let names = nodes.filter { !isSilent($0) }.map(\.name).joined(separator: ", ")
        let fact = "\(there) \(there == 1 ? "is" : "are") there: \(names)."
        guard !silent.isEmpty else { return [DeskCheck(id: "nodes", title: "Nodes", state: .good, fact: fact)] }
        return [DeskCheck(
            id: "nodes", title: "Nodes", state: .look, fact: fact + " Silent, without having stopped: " + silent.map { "\($0.name), seen \(ago($0.seenAt))" }.joined(separator: "; ") + ".",
            advice: "The others do its work. Start it again; one that was taken away on purpose is forgotten after a day.")]
    }
}
