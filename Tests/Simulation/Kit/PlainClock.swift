/// One promise, counted forward from its changes as `clock.md` says it and in no other way; the second opinion on `SLAClock`.
struct PlainClock {
    enum Kind: Equatable {
        case start, severity(Int), agreedDate(Int64), agreedTime(Int64), suspend(Int), resume(Int), carryOn, restart
        case stop(answer: Bool)
        /// Stopped with nothing given.
        case end
    }

    struct Change {
        var at: Int64
        var kind: Kind
    }

    enum State: String { case notStarted, running, suspended, stopped }

    /// A deadline that passed unmet, one at most in a cycle: the first.
    struct Miss: Equatable {
        var cycle: Int
        var due: Int64
        /// Counted seconds at the deadline.
        var used: Int64
        /// Counted seconds since, up to the end.
        var over: Int64
    }

    struct Stop {
        var missed: Bool
        var hadTarget: Bool
        var isAnswer: Bool
    }

    private struct Counted {
        var from: Int64
        var to: Int64?
        var calendar: PlainCalendar
        var before: Int64
    }

    let plan: PlainPlan
    let isResponse: Bool
    private(set) var state = State.notStarted
    private(set) var cycle = 1
    private(set) var budget: Int64?
    private(set) var misses: [Miss] = []
    private(set) var stops: [Stop] = []
    private var counted: [Counted] = []
    private var since: Int64 = 0
    private var startedAt: Int64 = 0
    private var stoppedAt: Int64?
    private var calendarAtStop: PlainCalendar?
    private var severity: Int
    private var agreedDate: Int64?
    private var agreedTime: Int64?
    private var suspensions: Set<Int> = []
    private var changedWhileStopped = false
    /// What stopped it was the answer, the solution or a closing, and no merging.
    private(set) var isGiven = true
    /// A deadline behind the months that were looked up: no opinion.
    private(set) var knowsAll = true

    init(_ plan: PlainPlan, isResponse: Bool, severityAtStart: Int, changes: [Change]) {
        self.plan = plan
        self.isResponse = isResponse
        severity = severityAtStart
        let ordered = changes.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        for change in ordered { apply(change) }
    }

    private var calendar: PlainCalendar { plan.calendars[plan.agreement.severities[severity - 1].calendar] }

    private mutating func apply(_ change: Change) {
        let at = change.at
        switch change.kind {
        case .start:
            startedAt = at
            setTarget(at, from: at)
            run(at)
        case .severity(let number):
            let isActive = state == .running || state == .suspended
            if isActive {
                note(at)
                pause(at)
            }
            let before = plan.agreement.severities[severity - 1].calendar
            severity = number
            let isAgreed = agreedDate != nil || agreedTime != nil
            if isActive, isAgreed {
                // What was agreed stands; a date also where other hours count from now on.
                if let agreedDate, agreedDate > at, plan.agreement.severities[severity - 1].calendar != before { budget = used(at) + calendar.worked(at, agreedDate) }
                if let agreedDate, !calendar.knows(agreedDate) { knowsAll = false }
                goOn(at)
            } else if isActive { newTerms(at) } else if state == .stopped, !isAgreed { changedWhileStopped = true }
        case .agreedDate, .agreedTime:
            let isActive = state == .running || state == .suspended
            if isActive {
                note(at)
                pause(at)
            }
            if isActive, agreedDate != nil || agreedTime != nil {
                // Agreed anew: another promise.
                countOver(at)
                cycle += 1
            }
            if case .agreedDate(let due) = change.kind { (agreedDate, agreedTime) = (due, nil) }
            if case .agreedTime(let seconds) = change.kind { (agreedDate, agreedTime) = (nil, seconds) }
            if isActive {
                setTarget(at, from: startedAt)
                goOn(at)
            } else if state == .stopped { changedWhileStopped = true }
        case .suspend(let id):
            suspensions.insert(id)
            if state == .running {
                pause(at)
                state = .suspended
            }
        case .resume(let id):
            suspensions.remove(id)
            if state == .suspended, suspensions.isEmpty { run(at) }
        case .stop, .end:
            guard state == .running || state == .suspended else { return }
            note(at)
            pause(at)
            state = .stopped
            stoppedAt = at
            calendarAtStop = calendar
            countOver(at)
            isGiven = change.kind != .end
            if case .stop(let answer) = change.kind { stops.append(Stop(missed: misses.last?.cycle == cycle, hadTarget: budget != nil, isAnswer: answer)) }
        case .carryOn:
            guard state == .stopped else { return }
            stoppedAt = nil
            if changedWhileStopped { newTerms(at) } else { goOn(at) }
            changedWhileStopped = false
        case .restart:
            guard state != .notStarted else { return }
            if state != .stopped { note(at) }
            counted = []
            (agreedDate, agreedTime) = (nil, nil)
            changedWhileStopped = false
            cycle += 1
            startedAt = at
            stoppedAt = nil
            setTarget(at, from: at)
            goOn(at)
        }
    }

    private mutating func newTerms(_ at: Int64) {
        if plan.agreement.restartsOnChange, agreedDate == nil, agreedTime == nil {
            setTarget(at, from: at)
            if let own = budget { budget = used(at) + own }
        } else {
            setTarget(at, from: startedAt)
        }
        goOn(at)
    }

    private mutating func goOn(_ at: Int64) {
        if suspensions.isEmpty { run(at) } else { state = .suspended }
    }

    private mutating func run(_ at: Int64) {
        counted.append(Counted(from: at, to: nil, calendar: calendar, before: used(at)))
        state = .running
    }

    private mutating func pause(_ at: Int64) {
        guard let last = counted.indices.last, counted[last].to == nil else { return }
        counted[last].to = at
        if counted[last].from == at { counted.removeLast() }
    }

    private mutating func setTarget(_ at: Int64, from: Int64) {
        since = at
        budget = nil
        if let agreedTime { budget = agreedTime } else if let agreedDate { budget = used(at) + calendar.worked(at, max(at, agreedDate)) } else {
            let terms = plan.agreement.severities[severity - 1]
            switch isResponse ? terms.response : terms.resolution {
            case .within(.seconds(let seconds)): budget = seconds
            case .within(.days(let days)):
                if plan.agreement.endOfDay {
                    if let close = calendar.endOfDay(from, days: days) { budget = calendar.worked(from, close) } else { knowsAll = false }
                } else { budget = calendar.nominalDay * Int64(days) }
            case .agreed, .asap: break
            }
        }
        if let agreedDate, !calendar.knows(agreedDate) { knowsAll = false }
    }

    /// The deadline passed before `t`, while it ran or stood suspended: once in a cycle.
    private mutating func note(_ t: Int64) {
        guard misses.last?.cycle != cycle, let due = passed(t) else { return }
        misses.append(Miss(cycle: cycle, due: due, used: used(due), over: 0))
    }

    private func passed(_ t: Int64) -> Int64? { due.flatMap { $0 < t ? $0 : nil } }

    func used(_ t: Int64) -> Int64 {
        counted.reduce(0) { $0 + ($1.from < t ? $1.calendar.worked($1.from, min(t, $1.to ?? t)) : 0) }
    }

    /// The earliest instant at which `seconds` have counted; a clock that stopped is read as if it had gone on.
    private func instant(_ seconds: Int64) -> Int64? {
        for one in counted where one.before + (one.to.map { one.calendar.worked(one.from, $0) } ?? .max / 2) >= seconds {
            return one.calendar.instant(one.from, plus: max(0, seconds - one.before))
        }
        guard state == .stopped, let stoppedAt, let calendarAtStop else { return nil }
        return calendarAtStop.instant(stoppedAt, plus: seconds - used(stoppedAt))
    }

    /// The deadline, also while suspended if it lies before that.
    private var due: Int64? {
        guard let budget, state != .notStarted, let at = instant(budget) else { return nil }
        return max(at, since)
    }

    // MARK: What is compared

    /// As the desk shows it.
    var shownDue: Int64? { state == .suspended ? nil : due }

    func isMissed(_ now: Int64) -> Bool {
        if misses.last?.cycle == cycle { return true }
        return state != .stopped && state != .notStarted && passed(now) != nil
    }

    func shownUsed(_ now: Int64) -> Int64 { used(stoppedAt ?? now) }

    /// All misses up to `now`, with how much was counted beyond each deadline.
    func allMisses(_ now: Int64) -> [Miss] {
        var copy = self
        if copy.state == .running || copy.state == .suspended { copy.note(now) }
        if copy.stoppedAt == nil { copy.countOver(now) }
        return copy.misses
    }

    private mutating func countOver(_ at: Int64) {
        if let last = misses.indices.last, misses[last].cycle == cycle { misses[last].over = used(at) - misses[last].used }
    }

    /// When each rung falls due, if nothing happens to the clock any more; the first is not before the second after the deadline.
    func rungs() -> [(number: Int, at: Int64)] {
        guard state == .running, let due else { return [] }
        let ladder = isResponse ? plan.agreement.responseLadder : plan.agreement.resolutionLadder
        let atDue = used(due)
        var rungs: [(Int, Int64)] = []
        for (index, rung) in ladder.enumerated() {
            let seconds: Int64
            switch rung.after {
            case .seconds(let length): seconds = length
            case .days(let days): seconds = calendar.nominalDay * Int64(days)
            }
            guard let at = seconds == 0 ? due : instant(atDue + seconds) else { break }
            rungs.append((index + 1, at))
        }
        return rungs
    }
}

/// An agreement with its calendars looked up.
final class PlainPlan: Sendable {
    let agreement: SimAgreement
    let calendars: [PlainCalendar]

    init(_ agreement: SimAgreement, firstDay: Int) throws {
        self.agreement = agreement
        calendars = try agreement.calendars.map { try PlainCalendar($0, firstDay: firstDay) }
    }
}
