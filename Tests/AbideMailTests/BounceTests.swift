import AbideCore
import AbideMail
import Testing

@Suite("Kinds of mail")
struct BounceTests {
    static let report = """
        From: MAILER-DAEMON@mx.client.example (Mail Delivery System)
        To: desk@abide.example
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="B"

        --B
        Content-Type: text/plain

        I'm sorry to have to inform you that your message could not be delivered.
        --B
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.client.example

        Final-Recipient: rfc822; anna@client.example
        Original-Recipient: rfc822;anna@client.example
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 <anna@client.example>: unknown
            user

        --B
        Content-Type: text/rfc822-headers

        Message-ID: <milestone-7@abide.example>
        Subject: Your ticket
        --B--
        """

    @Test("R12 a report by RFC 3464 names recipient, status, action and the message that came back")
    func rfc3464() {
        let read = mail(Self.report)
        #expect(read.kind == .bounce)
        #expect(read.forbidsAutomaticAnswer)
        #expect(read.bounce?.recipient == "anna@client.example")
        #expect(read.bounce?.status == "5.1.1")
        #expect(read.bounce?.action == "failed")
        #expect(read.bounce?.permanent == true)
        #expect(read.bounce?.originalMessageID == "milestone-7@abide.example")
    }

    @Test("R12 permanent follows the status class, then the SMTP code, then the words", arguments: [
        ("Action: delayed\nStatus: 4.4.1", "4.4.1", false), ("Action: failed\nStatus: 4.4.7", "4.4.7", false), ("Action: failed", nil, true),
        ("Action: failed\nDiagnostic-Code: smtp; 450 mailbox busy", nil, false), ("Action: delayed\nDiagnostic-Code: smtp; 554 no", nil, true), ("Action: delayed", nil, false),
    ] as [(String, String?, Bool)])
    func permanent(fields: String, status: String?, permanent: Bool) {
        let read = mail("""
            From: postmaster@x.example
            Content-Type: multipart/report; report-type=delivery-status; boundary=B

            --B

            About your message.
            --B
            Content-Type: message/delivery-status

            Reporting-MTA: dns; x

            Final-Recipient: rfc822; <a@b.example>
            \(fields)
            --B--
            """)
        #expect(read.kind == .bounce)
        #expect(read.bounce?.recipient == "a@b.example")
        #expect(read.bounce?.status == status)
        #expect(read.bounce?.permanent == permanent)
    }

    @Test("bounces in free words", arguments: [
        ("From: MAILER-DAEMON@qmail.example\nSubject: failure notice\n\nHi. This is the qmail-send program at qmail.example.\nI'm afraid I wasn't able to deliver your message.\n\n<bob@client.example>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 User unknown\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <m1@abide.example>\n", "bob@client.example", "5.1.1", true, "m1@abide.example"),
        ("From: Mail Delivery System <Mailer-Daemon@exim.example>\nX-Failed-Recipients: eve@client.example\nSubject: Mail delivery failed: returning message to sender\n\nThis message was created automatically by mail delivery software (Exim 4.96.1).\n  eve@client.example\n    retry timeout exceeded\n", "eve@client.example", nil, true, nil),
        ("From: postmaster@x.example\nSubject: Warning: message delayed 24 hours\n\nDelivery to bob@client.example has been delayed. We are still trying.\n", "bob@client.example", nil, false, nil),
    ] as [(String, String, String?, Bool, String?)])
    func freeForm(text: String, recipient: String, status: String?, permanent: Bool, id: String?) {
        let read = mail(text)
        #expect(read.kind == .bounce)
        #expect(read.bounce?.recipient == recipient)
        #expect(read.bounce?.status == status)
        #expect(read.bounce?.permanent == permanent)
        #expect(read.bounce?.originalMessageID == id)
    }

    @Test("bounces of old and rare mail systems", arguments: [
        ("From: System Administrator <postmaster@x.example>\nTo: desk@abide.example\nSubject: Undeliverable: Your ticket 2.0.12\n\nYour message\n\n  To:      other@x.example\n  Subject: Your ticket 2.0.12\n\ndid not reach the following recipient(s):\n\nbob@client.example on Fri, 4 Oct 2026 17:12:35 -0400\n    The recipient name is not recognized\n", "bob@client.example", true),
        ("From: E500_SMTP_Mail_Service@x.example\nSubject: Returned Mail - Error During Delivery\n\n------ Failed Recipients ------\n\n<bob@client.example>: Requested action not taken: mailbox unavailable. [SMTP Error Code 550]\n-------- Returned Mail --------\n\nSubject: x\n", "bob@client.example", true),
        ("From: \"Jetmail System\" <>\nSubject: Mail Error\n\nYour mail cannot be delivered to the following address(es):\n\n bob@client.example (0), ErrMsg=mail box space not enough\n", "bob@client.example", true),
        ("From: Postmaster@x.example\nSubject: Mail Delivery Warning\n\nThis is an advisory-only email.\nDelivery of email to this address\n\"bob@client.example\"\nhas been postponed due to a full mailbox.\nWe will continue to try to deliver your message over the next few days.\n", "bob@client.example", false),
        ("From: MAILER-DAEMON@y.example\nReturn-Path: <>\nSubject: failure delivery\n\nMessage from  y.example.\nUnable to deliver message to the following address(es).\n\n<bob@client.example>:\n550 unknown\n\n--- Original message follows.\n\nX-Mailer: Mailman v2.0.13\n", "bob@client.example", true),
        ("From: Mail Delivery System <Mailer-Daemon@mx.example>\nAuto-Submitted: auto-replied\nContent-Type: text/plain; charset=utf-8\nSubject: =?utf-8?b?0J3QtSDQtNC+0YHRgtCw0LLQu9C10L3Qvg==?=\n\nВаше письмо не может быть доставлено.\n\n bob@client.example is unavailable: user not found\n", "bob@client.example", true),
        ("From: gateway@x.example\nSubject: RE: Your ticket is logged : non remis\n (delivery failed)\n\n****\nVotre message n'a pas pu etre delivre a\nbob@client.example\n", "bob@client.example", true),
        ("From: Mail Delivery Subsystem <MAILER-DAEMON@client.example>\nTo: <desk-bounces@abide.example>\nSubject: Mail Delivery Problem\n\nYour mail to the following recipients could not be delivered because they are not accepting mail from desk@abide.example:\n\tbob\n", "bob@client.example", true),
        ("From: post_master@x.example\nSubject: Re:Your ticket\n\nError: Invalid user address\n\nError message below:\n550 - Requested action not taken: no such user here\n\nMessage details:\n  MAIL FROM: desk@abide.example\n  RCPT TO: bob@client.example\n", "bob@client.example", true),
        ("From: no-reply@x.example\nSubject: メールエラー通知\nContent-Type: text/plain; charset=utf-8\n\n送信先のメールボックスが一杯のため、送信できませんでした。\n\nCould not be delivered to: <bob@client.example>\n", "bob@client.example", true),
        ("From: Service <no-reply@sns.x.example>\nx-amz-sns-message-id: 1\nSubject: Notification\n\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Transient\",\"bouncedRecipients\":[{\"emailAddress\":\"bob@client.example\"}]}}\n", "bob@client.example", false),
    ] as [(String, String, Bool)])
    func rare(text: String, recipient: String, permanent: Bool) {
        let read = mail(text)
        #expect(read.kind == .bounce)
        #expect(read.bounce?.recipient == recipient)
        #expect(read.bounce?.permanent == permanent)
    }

    @Test("R12 a person who writes about bounces, or sends one on, is no mail system", arguments: [
        "From: anna@client.example\nSubject: Mail delivery failed\n\nHello,\n\nour message could not be delivered to bob@client.example, see below.\n\n550 user unknown\n",
        "From: anna@client.example\nSubject: Undelivered Mail Returned to Sender\n\nWe get this since Monday: your mail to bob@client.example was returned to sender. Can you help?\n",
        "From: anna@client.example\nSubject: Fwd: failure notice\n\nHi. This is the qmail-send program.\nI'm afraid I wasn't able to deliver your message.\n<bob@client.example>:\n550 no\n",
        "From: anna@client.example\nSubject: Printer\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nSee the attached.\n--B\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; bob@client.example\nAction: failed\nStatus: 5.1.1\n--B--\n",
        "From: noreply@screen.example\nSubject: Re: Your ticket (action required)\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\n\n--B\n\nHello, your message waits. Click to be added to my list.\n--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; screen.example\n--B--\n",
        "From: anna@client.example\nSubject: Re: Order 7: could not be delivered\n\nOur order could not be delivered, says the driver. Please help.\n",
        "From: no-reply@sns.x.example\nx-amz-sns-message-id: 1\nSubject: Notification\n\n{\"AlarmName\":\"disk\",\"NewStateValue\":\"ALARM\"}\n",
        "From: anna@client.example\nSubject: Mailbox full\n\nMy mailbox is full and I could not send to bob@client.example: no such user here, it says. What now?\n",
        "From: Postmaster <postmaster@client.example>\nSubject: New server\n\nWe move our mail server on Saturday. Please note the new address.\n",
    ])
    func persons(text: String) {
        #expect(mail(text).kind == .message)
        #expect(mail(text).bounce == nil)
    }

    @Test("R8 R13 automatic answers and lists are told from a person's words", arguments: [
        ("Auto-Submitted: auto-replied (vacation)", IncomingMail.Kind.autoReply, true), ("Auto-Submitted: auto-generated", .autoReply, true), ("Auto-Submitted: no", .message, false),
        ("X-Autoreply: yes", .autoReply, true), ("Precedence: auto_reply", .autoReply, true), ("Subject: Automatic reply: your ticket", .autoReply, true),
        ("Subject: Abwesenheitsnotiz: Ihr Ticket", .autoReply, true), ("List-Id: <news.client.example>", .list, true), ("Precedence: bulk", .list, true),
        ("X-Auto-Response-Suppress: OOF, AutoReply", .message, true), ("Return-Path: <>", .message, true), ("Subject: Printer: automatic reply missing", .message, false),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", .autoReply, true), ("Subject: delivery failed for order 7", .message, false),
    ])
    func kinds(field: String, kind: IncomingMail.Kind, forbids: Bool) {
        let read = mail("From: anna@client.example\nTo: desk@abide.example\n\(field)\n\nI am away.\n")
        #expect(read.kind == kind)
        #expect(read.forbidsAutomaticAnswer == forbids)
    }
}
