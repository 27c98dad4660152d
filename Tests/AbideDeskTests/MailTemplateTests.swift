import AbideCore
import AbideStore
import AbideTestKit
import Testing

@testable import AbideDesk

@Suite("The words of mails in other languages")
struct MailTemplateTests {
    @Test("what is shipped can be used, and has words for every milestone that a client meets and for all that stands between", arguments: MailTemplates.shipped)
    func shipped(language: String) throws {
        let templates = try #require(try MailTemplates.load(language))
        #expect(Set(templates.milestones.keys) == Set(MailTemplates.all))
        #expect(templates.words.missing == [])
        #expect(templates.words.names.shortWeekdays != TimeWords.shortWeekdays && templates.words.names.shortMonths != TimeWords.shortMonths)
    }

    @Test("S22 an unknown variable or key is refused with its place, and what looks like code is text", arguments: [
        ("milestones:\n  logged:\n    headline: \"{{token}}\"", "3:"), ("milestones:\n  logged:\n    headlin: x", "headlin"), ("answer: x", "answer"), ("milestones:\n  loged:\n    headline: x", "no milestone 'loged'"), ("words:\n  clok: x", "no word of mails"), ("words:\n  open: \"{{by}}\"", "no variable 'by'"), ("milestones:\n  logged:\n    headline: \"{{ref\"", "without"), ("milestones:\n  logged:\n    paragraphs: []", "no headline"),
    ])
    func refused(yaml: String, part: String) {
        #expect { try MailTemplates(yaml: yaml, name: "own.yaml") } throws: { "\($0)".contains(part) && "\($0)".hasPrefix("own.yaml") }
    }

    @Test("a client's mail is in the language chosen, with its values; staff read English")
    func filled() async throws {
        let test = try await TestDesk(templates: try MailTemplates.load("de"))
        let ref = try await test.log().ticket.ref
        let ticket = try #require(try await test.desk.db.read { try $0.ticket(ref: ref) })
        let mail = try Desk.mail(try #require(try await test.desk.db.read { try $0.outbox(of: ticket.id) }.first { $0.milestone == "logged" }))
        #expect(mail.text.hasPrefix("Ihr Ticket \(ref) ist aufgenommen.\n\nWir antworten bis "))
        #expect(mail.text.contains("Wir antworten bis Mi. 08:00 (Mi. 09:00 in Dallas)."))
        #expect(mail.text.contains("Antwort, läuft. 0 m von 9 h verbraucht. Fällig Mi. 08:00 (Mi. 09:00 in Dallas), 9 h übrig."))
        #expect(mail.html?.contains("fällig 08:00") == true)
        #expect(mail.text.contains("Es zählt als 2 Urgent."))
        #expect(mail.text.contains("Eine Antwort auf diese Nachricht"))
        #expect(mail.html?.contains("Ihr Ticket \(ref) ist aufgenommen.") == true)
        #expect(MailTemplates.filled("{{7*7}} ${x}", [:]) == nil)
        #expect(MailTemplates.filled("${x} <%= 7 %>", [:]) == "${x} <%= 7 %>")
    }
}
