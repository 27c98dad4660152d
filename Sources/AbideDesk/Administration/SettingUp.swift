import AbideCore
import AbideStore
import Foundation

/// The first start in a browser: company, administrator, mailbox, agreement.
package struct SetUpInput: Sendable {
    package var company: String
    package var place: String
    package var zone: String
    package var mailbox: String
    package var name: String
    package var email: String
    package var password: String
    package init(company: String, place: String, zone: String, mailbox: String, name: String, email: String, password: String) {
        self.company = company
        self.place = place
        self.zone = zone
        self.mailbox = mailbox
        self.name = name
        self.email = email
        self.password = password
    }
}

extension Desk {
    /// Nobody has an account yet: the desk asks to be set up.
    package func isNew() async throws -> Bool {
        if try await !people().people.isEmpty { return false }
        return try await db.read { try $0.people().isEmpty }
    }

    /// Makes the first administrator, and the agreement with the company's name, place, zone and mailbox in it.
    package func setUp(_ input: SetUpInput) async throws {
        func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }
        let company = trimmed(input.company), place = trimmed(input.place), zone = trimmed(input.zone), mailbox = trimmed(input.mailbox).lowercased()
        let name = trimmed(input.name), email = trimmed(input.email).lowercased()
        var faults: [String: Phrase] = [:]
        func line(_ text: String, _ field: String) {
            if text.isEmpty || text.utf8.count > 100 || text.unicodeScalars.contains(where: { $0.value < 32 }) { faults[field] = "Between 1 and 100 characters." }
        }
        line(company, "company")
        line(place, "place")
        line(name, "name")
        if self.zone(zone) == nil { faults["zone"] = "Choose a zone of the list." }
        if !Self.isAddress(mailbox) { faults["mailbox"] = "This is not an e-mail address." }
        if !Self.isAddress(email) { faults["email"] = "This is not an e-mail address." }
        if email == mailbox, faults["email"] == nil { faults["email"] = "This is the desk's mailbox. Give your own address." }
        if let fault = PasswordRule.fault(input.password, about: [company, name, email]) { faults["password"] = fault }
        guard faults.isEmpty else { throw Refusal.input(faults) }
        let current = currentAgreement()
        let now = now()
        let stored = try await db.read { try $0.agreement(digest: current.terms.digest)?.yaml } ?? AgreementFile.standardYAML
        let yaml = Self.agreement(stored, company: company, place: place, zone: zone, mailbox: mailbox, version: current.terms.version)
        let agreement = try await putAgreement(yaml: yaml, fileName: "agreement.yaml")
        let hash = try await passwords.hash(input.password)
        try await db.write { session in
            guard try session.people().isEmpty else { throw Refusal(.state, "This desk is set up already. Sign in.") }
            let person = try session.createPerson(StoredPerson(email: email, name: name, role: .administrator, client: nil, passwordHash: hash, createdAt: now))
            try session.putInForce(AgreementInForce(client: nil, digest: agreement.terms.digest, effectiveFrom: now, recordedAt: now, actor: name))
            try session.audit(at: now, actor: person.id, actorName: name, action: "desk set up", object: "desk", detail: company)
        }
        try await db.read { try self.agreements.refresh($0) }
        directory.forget()
    }

    /// The file with the provider's four lines, and the zone of its calendars, as the set-up gave them; comments and all else stay.
    static func agreement(_ yaml: String, company: String, place: String, zone: String, mailbox: String, version: Int) -> String {
        func quoted(_ text: String) -> String { "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" }
        var inProvider = false, inCalendars = false
        var lines: [String] = []
        for line in yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if let first = line.first, first != " ", first != "#", first != "-" {
                inProvider = line.hasPrefix("provider:")
                inCalendars = line.hasPrefix("calendars:")
            }
            let key = line.trimmingCharacters(in: .whitespaces).prefix { $0 != ":" }
            let indent = line.prefix { $0 == " " }
            if inProvider, !indent.isEmpty, let value = ["name": company, "place": place, "zone": zone, "mailbox": mailbox][String(key)] {
                lines.append("\(indent)\(key): \(quoted(value))")
            } else if inCalendars, key == "zone", !indent.isEmpty {
                lines.append("\(indent)zone: \(quoted(zone))")
            } else {
                lines.append(line)
            }
        }
        return lines.joined(separator: "\n")
    }
}
