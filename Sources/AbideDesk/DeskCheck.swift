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
        default: say("\(seconds / 86_400) days")
        }
    }

    private func ago(_ instant: Instant) -> String { say("\(Self.length(at - instant)) ago") }

    private var store: DeskCheck {
        let place = disk == nil ? say("Look at the database's server: whether it runs, takes writes, and has room.") : say("Look at the disk of the data folder: it may be full, mounted read-only, or broken.")
        let meanwhile = say("Until then mail is answered 451 and calls 503, and their senders try again. The desk goes on by itself.")
        guard figures != nil else { return DeskCheck(id: "store", title: say("Database"), state: .wrong, fact: say("Does not answer."), advice: "\(place) \(meanwhile)") }
        guard takesWrites else { return DeskCheck(id: "store", title: say("Database"), state: .wrong, fact: say("Answers, but takes no writes."), advice: "\(place) \(meanwhile)") }
        return DeskCheck(id: "store", title: say("Database"), state: .good, fact: say("Answers and takes writes."))
    }

    private func timers(_ figures: DeskFigures) -> DeskCheck {
        var check = DeskCheck(id: "timers", title: say("Timers"), state: .good, fact: figures.timersDue == 0 ? say("None is late.") : say("\(figures.timersDue) due, the first for \(Self.length(figures.timersLate))."))
        if figures.timersHeld > 0 { check.fact += " " + (figures.timersHeld == 1 ? say("One closing waits after a long stop, until answers under way had time to come in.") : say("\(figures.timersHeld) closings wait after a long stop, until answers under way had time to come in.")) }
        if figures.timersLate > Self.timerSeconds {
            check.state = .wrong
            check.advice = say("Reminders and escalations come late. After a long stop this passes within a minute. If it stays, look for “a timer could not be carried out” in the log, and at the machine's load.")
        }
        return check
    }

    private func outgoing(_ figures: DeskFigures) -> DeskCheck {
        let waiting = figures.outbox["queued"] ?? 0, held = figures.outbox["held"] ?? 0
        var check = DeskCheck(id: "outgoing", title: say("Mail that leaves"), state: .good, fact: waiting == 0 ? say("Nothing waits.") : waiting == 1 ? say("1 waits, for \(Self.length(figures.outboxAge)).") : say("\(waiting) wait, the oldest for \(Self.length(figures.outboxAge))."), page: "/outbox")
        if held > 0 { check.fact += " " + (held == 1 ? say("1 is held back.") : say("\(held) are held back.")) }
        guard sendsMail else {
            check.state = .unused
            check.fact = held == 0 ? say("No relay is set, so nothing leaves.") : say("No relay is set, so nothing leaves; \(held) kept in the outbox.")
            check.advice = say("Start the desk with --relay, and send what is kept from the outbox.")
            return check
        }
        let said = figures.putOffBecause.map { " " + say("The reason heard: \($0.hasPrefix(OutboxItem.unreached) ? String($0.dropFirst(OutboxItem.unreached.count)) : $0).") } ?? ""
        if figures.unreached > 0 {
            check.state = .wrong
            check.fact = say("The relay does not answer.") + " " + check.fact
            check.advice = say("See whether the relay runs, and whether --relay names it rightly.\(said) Nothing is lost: each mail is tried again for five days, and all at once as soon as one gets through.")
        } else if figures.outboxAge > Self.outboxSeconds {
            check.state = .wrong
            check.advice = say("The relay puts mail off.\(said) The outbox says what each waits for.")
        } else if figures.putOff > 0 {
            check.fact += " " + say("\(figures.putOff) put off by the relay and tried again.\(said)")
        }
        return check
    }

    private func givenUp(_ figures: DeskFigures) -> DeskCheck {
        let failed = figures.outbox["failed"] ?? 0, bounced = figures.outbox["bounced"] ?? 0
        let returned = bounced == 0 ? "" : " " + (bounced == 1 ? say("1 came back; its ticket says so.") : say("\(bounced) came back; their tickets say so."))
        guard failed > 0 else { return DeskCheck(id: "givenUp", title: say("Mails given up"), state: .good, fact: say("None.") + returned, page: "/outbox") }
        return DeskCheck(
            id: "givenUp", title: say("Mails given up"), state: .look, fact: (failed == 1 ? say("1 was refused for good, or tried for five days.") : say("\(failed) were refused for good, or tried for five days.")) + returned,
            advice: say("Open each in the outbox: it says why. Correct the address and send it again, or drop it with a reason."), page: "/outbox")
    }

    private func incoming(_ figures: DeskFigures) -> DeskCheck {
        let aside = figures.mailIn["setAside"] ?? 0
        var check = DeskCheck(id: "incoming", title: say("Mail that comes in"), state: .good, fact: figures.mailInAge == 0 ? say("All that came is registered.") : say("The oldest that is not registered yet came \(Self.length(figures.mailInAge)) ago."), page: "/mail")
        if aside > 0 { check.fact += " " + (aside == 1 ? say("1 is set aside for somebody to look at.") : say("\(aside) are set aside for somebody to look at.")) }
        if figures.mailInAge > Self.mailInSeconds {
            check.state = .wrong
            check.advice = say("It is stored, but makes no ticket yet. The log says why; if very much came at once, this passes.")
        }
        return check
    }

    private func check(_ mailbox: Mailbox) -> DeskCheck {
        let title = say("Mailbox \(mailbox.address)"), id = "mailbox." + mailbox.address
        if let since = mailbox.failingSince {
            return DeskCheck(
                id: id, title: title, state: .wrong, fact: say("Can't be read since \(Self.length(at - since)): \(mailbox.error ?? say("no reason heard"))."),
                advice: say("See whether its server runs, and whether password or token still hold. Mail that waits there is registered as soon as it can be read."), page: "/mail")
        }
        return DeskCheck(id: id, title: title, state: .good, fact: mailbox.readAt.map { say("Read \(ago($0)).") } ?? say("Not read yet."), page: "/mail")
    }

    private func clock(_ figures: DeskFigures) -> DeskCheck {
        let offset = figures.clockOffset
        if abs(offset) > Self.clockSeconds {
            return DeskCheck(
                id: "clock", title: say("Clock"), state: .wrong, fact: offset > 0
                    ? say("This machine's clock is \(Self.length(offset)) ahead of the database's, by which the desk goes.") : say("This machine's clock is \(Self.length(-offset)) behind the database's, by which the desk goes."),
                advice: say("Deadlines are right as long as the database's clock is. See to the time service of whichever machine is wrong."))
        }
        if let jump = lastJump, at - jump.at < 86_400 {
            return DeskCheck(
                id: "clock", title: say("Clock"), state: .look,
                fact: (jump.seconds > 0 ? say("Jumped forward by \(Self.length(jump.seconds)), \(ago(jump.at))") : say("Jumped back by \(Self.length(-jump.seconds)), \(ago(jump.at))")) + (figures.clockJumps > 1 ? say("; \(figures.clockJumps) jumps since the start.") : "."),
                advice: say("Deadlines are judged by the new time, and nothing was closed for a quarter of an hour. See to the machine's time service."))
        }
        return DeskCheck(id: "clock", title: say("Clock"), state: .good, fact: say("Runs evenly."))
    }

    private func search(_ figures: DeskFigures) -> DeskCheck {
        var check = DeskCheck(id: "search", title: say("Search"), state: .good, fact: figures.unsearched == 0 ? say("Finds all that was written.") : figures.unsearched == 1 ? say("New words of 1 ticket are not found yet.") : say("New words of \(figures.unsearched) tickets are not found yet."))
        if figures.unsearched > Self.unsearched {
            check.state = .look
            check.advice = say("After a large import or an upgrade this passes by itself. If it grows, the log says why.")
        }
        return check
    }

    // MARK: What is kept elsewhere

    private var backup: DeskCheck {
        kept(.backup, say("Backups"), limit: Self.backupSeconds, first: 1200, unused: say("None are scheduled."), how: say("Start the desk with --backups DIR for one a day, or see to `abide backup` by other means."), works: say("The last was made"))
    }

    private var pack: DeskCheck {
        kept(.continuity, say("Continuity pack"), limit: Self.packSeconds, first: 180, unused: say("None is written."), how: say("Name a folder with --continuity, or addresses with --continuity-mail: then work can go on while the desk is away."), works: say("The last was written"))
    }

    private var heads: DeskCheck {
        kept(.heads, say("Signed heads"), limit: Self.headSeconds, first: 120, unused: say("None are signed."), how: say("Name a file with --heads."), works: say("The log's heads were signed"))
    }

    /// - Parameter first: so long after its start the desk must have done it for the first time.
    private func kept(_ kind: Upkeep.Kind, _ title: String, limit: Int64, first: Int64, unused: String, how: String, works: String) -> DeskCheck {
        guard let note = upkeep[kind] else { return DeskCheck(id: kind.rawValue, title: title, state: .unused, fact: unused, advice: how) }
        let done = note.doneAt.map { say("\(works) \(ago($0)), in \(note.place).") } ?? ""
        let isLate = at - max(note.doneAt.map { $0 + limit } ?? upSince, upSince + first) > 0
        guard note.error != nil || isLate else { return DeskCheck(id: kind.rawValue, title: title, state: .good, fact: done.isEmpty ? say("The first is due within minutes, in \(note.place).") : done) }
        return DeskCheck(
            id: kind.rawValue, title: title, state: .wrong, fact: (done.isEmpty ? say("Not done yet, in \(note.place).") : done) + (note.error.map { " " + say("It fails since: \($0)") } ?? ""),
            advice: say("See whether the place can be written to and has room. It is tried again by itself."))
    }

    private var room: DeskCheck? {
        guard let disk else { return nil }
        let percent = disk.free * 100 / disk.size
        var check = DeskCheck(id: "disk", title: say("Disk of the data folder"), state: .good, fact: say("\(DiskSpace.say(disk.free)) of \(DiskSpace.say(disk.size)) are free."))
        if disk.free < 200_000_000 || percent < 5 && disk.free < 5_000_000_000 { check.state = .wrong } else if disk.free < 1_000_000_000 || percent < 10 && disk.free < 20_000_000_000 { check.state = .look }
        if check.state != .good { check.advice = say("Make room, or move the folder to a larger disk. With less than \(DiskSpace.say(disk.reserve)) new mail and changes are put off (452 and 503), while reading, timers and mail that leaves go on; with room all goes on by itself.") }
        return check
    }

    /// It did not stop by itself, and says nothing any more.
    package func isSilent(_ node: Node) -> Bool { at - node.seenAt > Self.nodeSilence }

    private var nodeCheck: [DeskCheck] {
        guard !nodes.isEmpty else { return [] }
        let silent = nodes.filter(isSilent)
        let there = nodes.count - silent.count
        let names = nodes.filter { !isSilent($0) }.map(\.name).joined(separator: ", ")
        let fact = there == 1 ? say("1 is there: \(names).") : say("\(there) are there: \(names).")
        guard !silent.isEmpty else { return [DeskCheck(id: "nodes", title: say("Nodes"), state: .good, fact: fact)] }
        return [DeskCheck(
            id: "nodes", title: say("Nodes"), state: .look, fact: fact + " " + say("Silent, without having stopped: \(silent.map { say("\($0.name), seen \(ago($0.seenAt))") }.joined(separator: "; "))."),
            advice: say("The others do its work. Start it again; one that was taken away on purpose is forgotten after a day."))]
    }
}
