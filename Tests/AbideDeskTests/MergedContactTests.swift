import AbideCore
import AbideDesk
import AbideTestKit
import Testing

@Suite struct MergedContactTests {
    @Test("Two contacts that are one person: tickets, addresses and answers are the one's that stays, and what was written keeps its author")
    func merged() async throws {
        let test = try await TestDesk()
        try await test.desk.createPerson(email: "d.whitlock@home.example", name: "Dana at home", role: .client, client: "Northfield Mining", phone: "+1 575 555 0102")
        let token = try await test.desk.createToken(email: "d.whitlock@home.example", label: "test")
        let home = try #require(try await test.desk.bearer(token)), client = try test.person(.client)
        let ticket = try await test.desk.log(LogRequest(subject: "From home", urgency: 2, fields: TestDesk.complete, channel: .portal), by: home).ticket
        #expect(try await test.desk.mergeContact(home.id, into: client.email, by: .command) == client.id)
        let view = try await test.desk.ticket(ticket.ref, for: client)
        #expect(view.ticket.contact == client.id && view.contact?.email == client.email)
        #expect(try await test.events(ticket.ref).first?.actor.name == "Dana at home")
        #expect(try await test.desk.bearer(token) == nil)
        // An answer to a mail that went to the account that is gone, from its address.
        let keys = Keys(secret: [UInt8](repeating: 7, count: 32))
        var mail = IncomingMail()
        mail.from = [MailAddress(address: "d.whitlock@home.example")]
        mail.to = [MailAddress(address: keys.replyAddress(mailbox: test.desk.currentAgreement().terms.provider.mailbox, ticket: ticket.id, participant: home.id))]
        mail.text = "Still so."
        mail.reply = mail.text
        try await test.desk.receive(Array("x".utf8), from: "d.whitlock@home.example", recipients: [mail.to[0].address])
        try await test.desk.registerMail { [mail] _ in mail }
        let last = try #require(try await test.desk.detail(ticket.ref, for: client).messages.last)
        #expect(last.body == "Still so." && last.author.id == client.id)
        #expect(try await test.desk.verify().fault == nil)
    }

    @Test("L8 no merging takes a client's primary contact away, crosses clients, or touches staff")
    func refused() async throws {
        let test = try await TestDesk()
        let client = try test.person(.client), primary = try test.person(.primaryContact)
        func refusal(_ id: Int64, _ into: String) async -> String {
            do {
                try await test.desk.mergeContact(id, into: into, by: .command)
                return ""
            } catch { return (error as? Refusal)?.detail ?? "\(error)" }
        }
        #expect(await refusal(primary.id, client.email).contains("Name another one first"))
        #expect(await refusal(client.id, "stranger@harbor.example").contains("different clients"))
        #expect(await refusal(client.id, try! test.person(.agent).email).contains("Only contacts"))
        #expect(await refusal(client.id, client.email).contains("the same account"))
        #expect(await refusal(client.id, "nobody@nowhere.example").contains("no account"))
        await #expect(throws: Refusal.self) { try await test.desk.mergeContact(client.id, into: primary.email, by: .person(try test.person(.agent))) }
        await #expect(throws: Refusal.self) { try await test.desk.addAddress("stranger@harbor.example", to: client.id, by: .command) }
        try await test.desk.addAddress(" Dana@Phone.example ", to: client.id, by: .command)
        #expect(try await test.desk.furtherAddresses(client.id, for: .command) == ["dana@phone.example"])
        try await test.desk.removeAddress("dana@phone.example", from: client.id, by: .command)
        #expect(try await test.desk.furtherAddresses(client.id, for: .command) == [])
    }
}
