import AbideCore
import Testing

@Suite struct PermissionTests {
    /// Written by hand from the table of least privilege, apart from the code: who may close, complain, answer complaints.
    @Test("P each role against each act: what only some may do, nobody else does")
    func table() {
        func allowed(_ act: Act, _ relation: (Role) -> Relation) -> Set<Role> { Set(Role.allCases.filter { Permissions.answer($0, act, relation($0)) == .allowed }) }
        let own: (Role) -> Relation = { $0.isStaff ? .staff : .own }
        let colleague: (Role) -> Relation = { $0.isStaff ? .staff : .sameClient }
        let desk: Set<Role> = [.agent, .departmentLead, .serviceManager]
        #expect(allowed(.close, own) == [.client, .primaryContact, .standIn, .serviceManager])
        #expect(allowed(.close, colleague) == [.serviceManager])
        #expect(allowed(.setSeverity, own) == desk && allowed(.suspend, own) == desk && allowed(.resolve, own) == desk && allowed(.sendClosingNotice, own) == desk)
        #expect(allowed(.answerComplaint, own) == [.clientServicesManager])
        #expect(allowed(.complain, own) == [.client, .primaryContact, .standIn])
        #expect(allowed(.readInternal, own) == desk.union([.clientServicesManager]))
        #expect(Set(Role.allCases.filter { Permissions.allows($0, .administer) }) == [.administrator])
        for role in Role.allCases where !role.isStaff {
            for act in Act.allCases { #expect(Permissions.answer(role, act, .none) == .unknown) }
        }
    }

    @Test("a clock's changes come back from their compact form as they went in")
    func coding() {
        let changes: [ClockChange] = [
            .init(Instant(1_700_000_000), .start(severity: 2)), .init(Instant(1_700_000_100), .severity(1)), .init(Instant(1_700_000_200), .suspend(3, reason: "accessAwaited")),
            .init(Instant(1_700_000_300), .resume(3)), .init(Instant(1_700_000_400), .agreed(due: Instant(1_700_009_000), workingSeconds: nil)),
            .init(Instant(1_700_000_500), .agreed(due: nil, workingSeconds: 7200)), .init(Instant(-5), .stop), .init(Instant(1_700_000_700), .carryOn), .init(Instant(1_700_000_800), .restart), .init(Instant(1_700_000_900), .end),
        ]
        #expect(ClockChangeCoding.read(ClockChangeCoding.write(changes)) == changes)
    }
}
