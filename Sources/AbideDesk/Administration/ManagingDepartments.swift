import AbideCore
import AbideStore

/// A department: who works in it, which is administration's, and what the agreement says of it, which is the agreement's alone.
package struct DepartmentRecord: Sendable {
    /// What the agreement decides, in a sentence, with the clause where it stands.
    package struct Term: Sendable, Hashable {
        package var text: String
        package var clause: String
    }

    package var name: String
    package var people: [PersonRecord]
    package var terms: [Term]

    package var leads: [PersonRecord] { people.filter { $0.brief.role == .departmentLead } }
}

extension Desk {
    package func departments(for manager: Manager) async throws -> [DepartmentRecord] {
        try manager.mustAdminister()
        let terms = currentAgreement().terms
        let staff = try await allPeople().filter { $0.brief.role.isStaff && !$0.disabled }
        return terms.departments.map { department in
            DepartmentRecord(name: department.name, people: staff.filter { $0.department == department.name }.sorted { $0.brief.name < $1.brief.name }, terms: Self.terms(of: department, in: terms))
        }
    }

    /// Puts somebody of the staff into a department, or takes them out of it.
    /// - Parameters:
    ///   - department: nil: into none.
    ///   - leads: whether they lead it; only agents and leads change between the two, nil leaves it.
    package func setDepartment(of id: Int64, _ department: String?, leads: Bool? = nil, by manager: Manager) async throws {
        try manager.mustAdminister()
        let terms = currentAgreement().terms
        if let department, !terms.departments.contains(where: { $0.name == department }) {
            throw Refusal.input("department", "The agreement has no department \(department). It has \(terms.departments.map(\.name).joined(separator: ", ")).")
        }
        let record = try await personRecord(id, for: manager)
        guard record.brief.role.isStaff, !record.disabled else { throw Refusal.input("person", "Only staff with an account belong to a department.") }
        var role = record.brief.role
        if let leads {
            guard [.agent, .departmentLead].contains(role) else { throw Refusal(.state, "\(record.brief.name) is \(role.words). Only agents lead a department; their role is changed on the account's page.") }
            role = leads ? .departmentLead : .agent
        }
        // Nobody leads what they do not belong to.
        if department == nil, role == .departmentLead { role = .agent }
        try await changePerson(
            id, PersonInput(email: record.brief.email, name: record.brief.name, role: role, client: nil, phone: record.brief.phone, zone: record.zone, department: department), by: manager)
    }

    private static func terms(of department: DepartmentTerms, in terms: AgreementTerms) -> [DepartmentRecord.Term] {
        let name = department.name
        var lines: [DepartmentRecord.Term] = []
        func add(_ text: String, _ clause: String) { lines.append(DepartmentRecord.Term(text: text, clause: clause)) }
        if terms.departments.first?.name == name { add(say("It stands first: a new ticket comes here where no rule and no kind names another."), "A") }
        let kinds = terms.kinds.filter { $0.proposes.department == name }.map(\.label)
        if !kinds.isEmpty { add(say("By their kind come here: \(kinds.joined(separator: ", "))."), "A") }
        for rule in terms.routing where rule.department == name { add(say("The rule “\(rule.name)” sends tickets here."), "A") }
        if let within = department.holdWithin { add(say("It holds a ticket at most \(within.words). Measured and reported; no clock of a client’s."), "D") }
        for (ladder, what) in [(terms.ladders.response, say("first answer")), (terms.ladders.resolution, say("solution")), (terms.ladders.nextReply, say("next reply"))] {
            for rung in ladder {
                if rung.departments.contains(name) { add(rung.after.isNone ? say("At once after a missed \(what) its leads are told.") : say("\(rung.after.words) after a missed \(what) its leads are told."), "D1") }
                if rung.handTo == name { add(rung.after.isNone ? say("At once after a missed \(what) the ticket comes here.") : say("\(rung.after.words) after a missed \(what) the ticket comes here."), "D1") }
            }
        }
        let hears = terms.ladders.response + terms.ladders.resolution
        if hears.contains(where: { $0.notify.contains(.departmentLead) }) { add(say("Its leads are told of the promises of its tickets that are missed."), "D1") }
        return lines
    }
}

extension Span {
    fileprivate var isNone: Bool {
        switch self {
        case .seconds(0), .workingDays(0): true
        default: false
        }
    }
}
