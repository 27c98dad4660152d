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
        "On 2 March it broke.\nMy colleague wrote:\nnothing.", "It helps.\n\nSent from my desk, is much easier than my mobile phone.", "Three points:\n-- first\n-- second\n\nThanks!", "From: foo\nBar baz.\n\nDone.",
        "Log:\n---\nE17 at 10:15\nfrom: host17\n---\nPlease help, production stands still since this morning and it costs us a lot of money.", "🎉\n\n—\nJohn Doe",
        "Points:\n----\n\n1. It is faster\n2. It needs less\n\n----\n\nThe dashes part them.\n\n====\n\nAnd so do these.", "The mail was sent from my iPhone, sadly, and is lost.", "2026 was a good year\nfor Anna <anna@client.example>", "Posted by mistake, sorry.\n\nIt works.",
    ])
    func stays(text: String) {
        #expect(mail("From: a@b.example\n\n\(text)").reply == text)
    }

    @Test("quotes are told by their introduction in the languages of the mail programs", arguments: [
        "W dniu 2026-03-02 o 10:15, Jan Kowalski pisze:", "pon., 2 mar 2026 o 10:15 Jan Kowalski <jan@example.pl> napisał(a):", "po 2. 3. 2026 v 10:15 odesílatel Jan Novák <jan@example.cz> napsal:",
        "Jan Kiss <jan@example.hu> ezt írta (időpont: 2026. márc. 2., H, 10:15):", "În lun., 2 mar. 2026 la 10:15, Ion Pop <ion@example.ro> a scris:", "Ali Veli <ali@example.tr>, 2 Mar 2026 Pzt, 10:15 tarihinde şunu yazdı:",
        "Στις Δευ, 2 Μαρ 2026 στις 10:15 π.μ., ο χρήστης X <x@example.gr> έγραψε:", "пн, 2 мар. 2026 г. в 10:15, Иван Иванов <ivan@example.ru>:", "2 марта 2026, 10:15 от Иван Иванов <ivan@example.ru>:",
        "在 2026年3月2日，10:15，X Y <x@example.cn> 写道：", "2026年3月2日(月) 10:15 山田太郎 <yamada@example.jp>:", "2026년 3월 2일 (월) 오전 10:15, 김철수 <kim@example.kr>님이 작성:", "Op 2-mrt.-2026, om 10:15 heeft Jan <jan@example.nl> het volgende geschreven:",
        "15. marts 2026 kl. 10.15 skrev Jens Hansen <jens@example.dk>:", "ma 2. maalisk. 2026 klo 10.15 Matti (matti@example.fi) kirjoitti:", "Em seg., 2 de mar. de 2026 às 10:15, João <joao@example.br> escreveu:",
        "Vào Th 2, 2 thg 3, 2026 vào lúc 10:15 Nguyen <ng@example.vn> đã viết:", "---- On Mon, 02 Mar 2026 10:15:00 +0100 Anna <anna@example.com> wrote ----", "Zitat von Anna Miller <anna@example.com>:",
        "2026/3/2 Anna Miller <anna@client.example>", "2026-03-02 10:15 GMT+01:00 Anna Miller", "Posted by anna on 03/02/2026", "anna via Client Forum wrote:", "*----- Original Message -----*",
        "Get Outlook for Android<https://aka.ms/x>", "Anna Miller <anna@client.example> schrieb am Mo., 2.\nMärz 2026, 10:15:", "On Mon, Mar 2, 2026 at 10:15 AM Desk with a long name <\nsupport-of-the-desk@abide.example>\nwrote:",
        "El mi=C3=A9, 4 mar 2026 a las 10:15, Anna Miller (<anna.of.the.long.name@clie=\nnt.example>)\nescribi=C3=B3:", "Le mer. 4 mars 2026 =C3=A0 10:15, Anna (<anna@client.example>) a =C3=A9crit :",
    ])
    func languages(introduction: String) {
        #expect(mail("From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\nYes.\nIt works.\n\n\(introduction)\n\nIs it fixed?\nBest,\nDesk\n").reply == "Yes.\nIt works.")
    }

    @Test("header blocks in the languages of the mail programs", arguments: [
        "发件人: X Y <x@example.cn>\n发送时间: 2026年3月2日 10:15\n收件人: Desk\n主题: x", "От: Иван <ivan@example.ru>\nОтправлено: 2 марта 2026 г. 10:15\nКому: Desk\nТема: x", "De: j@example.com\nEnviada em: sexta-feira, 27 de julho de 2026 15:09\nPara: s@example.com\nAssunto: x",
        "Od: Jan <jan@example.pl>\nWysłano: poniedziałek, 2 marca 2026 10:15\nDo: Desk\nTemat: x", "*From:* Anna <anna@example.com>\n\n*Sent:* Monday, March 2, 2026 10:15 AM\n\n*To:* Desk", "Date: Mon, 2 Mar 2026 10:15:00 +0000\nTo: desk@abide.example",
        "Date: Tue, 2 Oct 2026 02:35:10 +0000 From: j@example.com To: Smith, Shelly Subject: Tell us", "====\n\nMessage du : 12/12/2026 13:20\nDe : Company <q@company.example>\nA : m@somewhere.example\nSujet : x",
    ])
    func headerBlocks(block: String) {
        #expect(mail("From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\nYes.\n\n\(block)\n\nIs it fixed?\n").reply == "Yes.")
    }

    @Test("signatures without a mark, disclaimers, banners and lines of devices are taken off", arguments: [
        "Yes.\n\nBest regards,\nAnna Miller\nHead of Printing\n+1 555 0100", "Yes.\n\nMit freundlichen Grüßen / Kind regards\n\nAnna", "Yes.\n\n-Anna Miller\n\n_______________________________________________\nusers mailing list\nusers@lists.example",
        "Yes.\n\nThis e-mail and any attachments are confidential. If you are not the\nintended recipient, delete it.", "CAUTION: This email originated from outside of the organization.\n\nYes.", "Yes.\n\nVon meinem Samsung Galaxy Smartphone gesendet.", "Yes.\n\niPhoneから送信", "Yes.\n\nAnna from mobile", "Yes.\n\nFrom my iPhone 6", "Yes.\n\nSent from my cell, please excuse any typos.", "Yes.\n\nSent from Mailbox for iPad", "Yes.\n\n(sent from a phone)",
        "Yes.\n\nGet Outlook for iOS<https://aka.ms/x>\n________________________________\nFrom: Desk <d@x.example>\nSent: Monday, March 2, 2026 10:15:00 AM\nTo: Anna <a@b.example>\nSubject: Re: x\n\nIs it?",
        "Yes. On Wed, Apr 4, 2026 at 3:59 PM, bob@example.com wrote:\n> Hi",
    ])
    func tails(text: String) {
        #expect(mail("From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n\(text)").reply == "Yes.")
    }

    @Test("an introduction inside a quote that breaks before the address is a part of the quote")
    func brokenInside() {
        #expect(mail("From: a@b.example\n\nYes.\n\nOn Mon, Mar 2, 2026 at 10:15 AM Desk <\ndesk@abide.example> wrote:\n\n> Is it fixed?\n>\n> On Mon, Mar 2, 2026 at 9:15 AM Anna <\n> anna@b.example> wrote:\n>\n>> It is broken.\n").reply == "Yes.")
        #expect(mail("From: a@b.example\n\n>>> Read this <<<\n\nYes.\n").reply == ">>> Read this <<<\n\nYes.")
    }

    @Test("a last block that begins with the sender's name is a signature, with an initial more or without", arguments: ["Anna Miller | Printing", "Anna P. Miller | Printing", "*Anna P Miller*"])
    func named(line: String) {
        #expect(mail("From: Anna Miller <anna@client.example>\n\nYes, it is.\n\n\(line)\nClient Inc.\n").reply == "Yes, it is.")
        #expect(mail("From: Anna Miller <anna@client.example>\n\nYes.\n\nAnna Paula Smith | Printing\nasks.\n").reply.hasSuffix("asks."))
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
