/// What is to be done on a ticket, step by step: a checklist that staff keep for themselves.
extension Ticket {
    package struct Task: Sendable, Codable, Hashable {
        /// From 1, in the order in which they were added.
        package var id: Int
        package var text: String
        package var assignee: Int64?
        package var assigneeName: String?
        package var due: Instant?
        /// Nil: still to be done.
        package var doneAt: Instant?
        package var doneBy: String?
    }

    package static let taskLimit = 100, taskTextLimit = 300

    package var tasks: [Task] { bonds?.tasks ?? [] }

    /// The steps that a text lists, one a line; `-`, `*`, `[ ]` and numbers before them are taken off, as people paste them.
    package static func steps(in text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map { line in
            var line = Substring(String(line)).drop(while: \.isWhitespace)
            if let mark = line.first, "-*•".contains(mark), line.dropFirst().first?.isWhitespace ?? true { line = line.dropFirst() }
            else if case let rest = line.drop(while: { $0.isASCII && $0.isNumber }), rest.startIndex != line.startIndex, let mark = rest.first, ".)".contains(mark), rest.dropFirst().first?.isWhitespace ?? true { line = rest.dropFirst() }
            line = line.drop(while: \.isWhitespace)
            for box in ["[ ]", "[x]", "[X]", "☐", "☑"] where line.hasPrefix(box) { line = line.dropFirst(box.count) }
            return String(line.drop(while: \.isWhitespace)).trimmingSuffix
        }.filter { !$0.isEmpty }
    }

    /// - Parameters:
    ///   - steps: one task each.
    ///   - assignee: of the desk's staff; nil: whoever works on the ticket.
    package func addTasks(_ steps: [String], assignee: (id: Int64, name: String)? = nil, due: Instant? = nil, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .organise)
        guard !steps.isEmpty else { throw .input("text", "Say what is to be done, one step a line.") }
        if let long = steps.first(where: { $0.utf8.count > Self.taskTextLimit }) { throw .input("text", "'\(long.prefix(40))…' is too long: at most \(Self.taskTextLimit) characters a step.") }
        guard tasks.count + steps.count <= Self.taskLimit else { throw .input("text", "A ticket has at most \(Self.taskLimit) tasks; \(tasks.count) are there.") }
        let next = (bonds?.lastTask ?? 0) + 1, at = max(now, updatedAt)
        return steps.enumerated().map { offset, step in
            Draft(.taskAdded(task: next + offset, assignee: assignee?.id, assigneeName: assignee?.name, due: due), at, person.actor, texts: [TextKey.task: step])
        }
    }

    /// - Parameter done: false: it is to be done after all.
    /// - Returns: nothing where it stands so already.
    package func completeTask(_ id: Int?, done: Bool, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .organise)
        let task = try task(id)
        guard (task.doneAt != nil) != done else { return [] }
        return [Draft(done ? .taskDone(task: task.id) : .taskReopened(task: task.id), max(now, updatedAt), person.actor, texts: [TextKey.task: task.text])]
    }

    package func removeTask(_ id: Int?, by person: Person, at now: Instant) throws(Refusal) -> [Draft] {
        try permit(person, .organise)
        let task = try task(id)
        return [Draft(.taskRemoved(task: task.id), max(now, updatedAt), person.actor, texts: [TextKey.task: task.text])]
    }

    private func task(_ id: Int?) throws(Refusal) -> Task {
        guard let task = tasks.first(where: { $0.id == id }) else { throw Refusal(.unknown, "\(ref) has no such task.") }
        return task
    }

    mutating func addTask(_ id: Int, _ text: String, _ assignee: Int64?, _ name: String?, _ due: Instant?) {
        bind {
            var all = $0.tasks ?? []
            all.append(Task(id: id, text: text, assignee: assignee, assigneeName: name, due: due, doneAt: nil, doneBy: nil))
            $0.tasks = all
            $0.lastTask = max(id, $0.lastTask ?? 0)
        }
    }

    mutating func changeTask(_ id: Int, _ change: (inout Task) -> Void) {
        bind { bonds in
            guard var all = bonds.tasks, let index = all.firstIndex(where: { $0.id == id }) else { return }
            change(&all[index])
            bonds.tasks = all
        }
    }

    mutating func dropTask(_ id: Int) {
        bind {
            $0.tasks?.removeAll { $0.id == id }
            if $0.tasks?.isEmpty ?? false { $0.tasks = nil }
        }
    }
}

extension String {
    fileprivate var trimmingSuffix: String {
        var text = self[...]
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
