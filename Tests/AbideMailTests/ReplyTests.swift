import AbideCore
import AbideMail
import Testing

@Suite("The visible new text")
struct ReplyTests {
    @Test("quotes, introductions, header blocks and signatures are taken off", arguments: [
        "Yes.\n\nOn Mon, Mar 2, 2026 at 10:15 AM Desk <desk@abide.example> wrote:\n\n> Is it fixed?\n> Regards",
        "Yes.\n\nOn Mon, Mar 2, 2026 at 10:15 AM Desk of the very long name\n<desk@abide.example> wrote:\n> Is it fixed?",
        "Yes.\n\nAm 02.03.26 um 10:15 schrieb Desk:\n> Ist es gut?",
        "Yes.\n\nAm Mo., 2. März 2026 um 10:15 Uhr schrieb Desk <desk@abide.example>:\n\nIst es gut?",
        "Yes.\n\nLe lun. 2 mars 2026 à 10:15, Desk <desk@abide.example> a écrit :\n\n> Est-ce réglé ?",
        "Yes.\n\nEl lun, 2 mar 2026 a las 10:15, Desk (<desk@abide.example>) escribió:\n> ¿Ya está?",
        "Yes.\n\nIl giorno lun 2 mar 2026 alle ore 10:15 Desk <desk@abide.example> ha scritto:\n> Va bene?",
        "Yes.\n\nOp ma 2 mrt 2026 om 10:15 schreef Desk <desk@abide.example>:\n> Goed?",
        "Yes.\n\nDesk <desk@abide.example> wrote:\n> Fixed?",
        "Yes.\n\n-----Original Message-----\nFrom: Desk\nSent: Monday\nIs it fixed?",
        "Yes.\n\n-----Ursprüngliche Nachricht-----\nVon: Desk\n\nIst es gut?",
        "Yes.\n\n________________________________\nFrom: Desk <desk@abide.example>\nSent: Monday, 2 March 2026 10:15\nTo: Anna\nSubject: RE: it\n\nIs it fixed?",
        "Yes.\n\nVon: Desk <desk@abide.example>\nGesendet: Montag, 2. März 2026 10:15\nAn: Anna\nBetreff: AW: es\n\nIst es gut?",
        "Yes.\n\n*De :* Desk\n*Envoyé :* lundi 2 mars 2026 10:15\n*À :* Anna\n*Objet :* RE: x\n\nBonjour",
        "Yes.\n\n-- \nAnna Miller\nClient Inc.", "Yes.\n\nSent from my iPhone", "Yes.\n\nVon meinem iPhone gesendet\n\n> Am 02.03.2026 um 10:15 schrieb Desk:",
        "> Is it fixed?\n\nYes.", "On Mon, 2 Mar 2026 Desk wrote:\n> Is it fixed?\n\nYes.\n",
    ])
    func takenOff(text: String) {
        #expect(mail("From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n\(text)").reply == "Yes.")
    }

    @Test("a person's own words stay", arguments: [
        "The log wrote:\nerror 17\nand stopped.", "From: here it fails\nno matter what", "a > b holds", "Steps:\n- one\n- two", "Version: 4.2\nSeverity: high\n\nIt says\n--- a dash line ---\nand on",
        "On 2 March it broke.\nMy colleague wrote:\nnothing.",
    ])
    func stays(text: String) {
        #expect(mail("From: a@b.example\n\n\(text)").reply == text)
    }

    @Test("answers between quoted lines stay in their order")
    func interleaved() {
        #expect(mail("From: a@b.example\n\nAm 02.03.26 um 10:15 schrieb Desk:\n> Which version?\n4.2\n> Since when?\n\nMonday.\n").reply == "4.2\n\nMonday.")
    }

    @Test("who only forwards means what is forwarded")
    func forwarded() {
        let reply = mail("From: a@b.example\n\n\n---------- Forwarded message ---------\nFrom: Customer <c@d.example>\nDate: Mon\nSubject: broken\nTo: a\n\nIt is broken.\n").reply
        #expect(reply.hasSuffix("It is broken."))
        #expect(mail("From: a@b.example\n\nPlease see below.\n\n---------- Forwarded message ---------\nFrom: x\n\nIt is broken.\n").reply == "Please see below.")
    }

    @Test("A4 intake fields are read by their labels, the rest is the description")
    func fields() {
        let names = ["version": "version", "version number": "version", "betriebssystem": "os", "severity": "severity"]
        let (fields, rest) = readFields(text: "Hello,\nVERSION number: 4.2: beta \n- Betriebssystem：Debian 12\n*Severity:* high\nVersion: 5\nsee http://x: it fails\n\nSeverity:\nBye\n", names: names)
        #expect(fields == ["version": "4.2: beta", "os": "Debian 12", "severity": "high"])
        #expect(rest == "Hello,\nVersion: 5\nsee http://x: it fails\n\nBye")
    }
}
