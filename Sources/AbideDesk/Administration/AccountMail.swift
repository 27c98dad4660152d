import AbideCore
import AbideStore
import Foundation

/// Mails about accounts: each to one person, about that person alone. They belong to no ticket.
extension Desk {
    enum AccountNews {
        case invited(OneTimeLink, by: String)
        case reset(OneTimeLink)
        case newAddress(OneTimeLink)
        case passwordChanged
        case addressChanged(to: String)
        case secondFactor(on: Bool)
        /// To the agreement manager (L8), and to whom it concerns.
        case contactChanged(String, path: String)
    }

    func tell(_ session: any Session, _ person: StoredPerson, _ news: AccountNews, to address: String? = nil, at now: Instant) throws {
        let recipient = address ?? person.email
        guard recipient.contains("@") else { return }
        let provider = currentAgreement().terms.provider
        let door = try door(session)
        let milestone: String, subject: String, paragraphs: [String]
        var link: (label: String, address: String)?
        switch news {
        case .invited(let made, let by):
            milestone = "invitation"
            subject = "Your account at \(provider.name) Support"
            paragraphs = ["\(by) has made an account for you at \(provider.name) Support. Your user name is \(person.email).", "Set a password with this link. It works once, and for 24 hours."]
            link = ("Set your password", Self.placeholder(made.id))
        case .reset(let made):
            milestone = "passwordReset"
            subject = "A new password for \(provider.name) Support"
            paragraphs = ["Somebody asked for a new password for your account. If it was not you, leave this message be: nothing changes.", "Set a new password with this link. It works once, and for 30 minutes."]
            link = ("Set a new password", Self.placeholder(made.id))
        case .newAddress(let made):
            milestone = "newAddress"
            subject = "Confirm your new address"
            paragraphs = ["This address is to be the one of \(person.name) at \(provider.name) Support. Confirm it with this link. It works once, and for 24 hours.", "If you know nothing of it, leave this message be."]
            link = ("Confirm the address", Self.placeholder(made.id))
        case .passwordChanged:
            milestone = "accountChanged"
            subject = "Your password was changed"
            paragraphs = ["The password of your account at \(provider.name) Support was changed, and all other sessions were ended. If it was not you, write to \(provider.mailbox) at once."]
        case .addressChanged(let to):
            milestone = "accountChanged"
            subject = "Your address was changed"
            paragraphs = ["The address of your account at \(provider.name) Support is now \(to). If it was not you, write to \(provider.mailbox) at once."]
        case .secondFactor(let on):
            milestone = "accountChanged"
            subject = on ? "A second factor protects your account" : "The second factor of your account is off"
            paragraphs = [on ? "From now on signing in asks for a code of your authenticator too." : "Signing in asks for the password alone. If it was not you, write to \(provider.mailbox) at once."]
        case .contactChanged(let what, let path):
            milestone = "contactChanged"
            subject = what
            paragraphs = [what + ".", "It is in effect from now on (L8)."]
            link = ("See the contacts", door.base + path)
        }
        var text = "\(person.name),\n\n" + paragraphs.joined(separator: "\n\n")
        var html = "<div style=\"font:15px/22px system-ui,sans-serif;color:#1B1C1F;max-width:600px\"><p>\(Self.escaped(person.name)),</p>"
        html += paragraphs.map { "<p>\(Self.escaped($0))</p>" }.joined()
        if let link {
            text += "\n\n\(link.label):\n\(link.address)"
            html += "<p><a href=\"\(Self.escaped(link.address))\" style=\"color:#1B1C1F\">\(link.label)</a></p>"
        }
        text += "\n\n\(provider.name)\n"
        html += "<p style=\"color:#686A71;font-size:13px\">\(Self.escaped(provider.name))</p></div>"
        let id = keys.messageID(mailbox: provider.mailbox, ticket: 0, participant: person.id, serial: milestone.lowercased() + "-" + Secrets.random(6).hex)
        let mail = OutgoingMail(
            from: MailAddress(address: provider.mailbox, name: "\(provider.name) Support"), to: MailAddress(address: recipient, name: person.name), replyTo: nil, subject: subject, messageID: id,
            inReplyTo: nil, references: [], date: now, text: text, html: html, autoSubmitted: "auto-generated", headers: ["X-Abide-Milestone": milestone])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        try session.insertOutbox(OutboxItem(
            ticket: nil, number: nil, milestone: milestone, recipient: recipient, messageID: id, mail: String(decoding: try encoder.encode(mail), as: UTF8.self),
            state: door.sendsMail ? .queued : .held, nextAt: now, createdAt: now))
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
