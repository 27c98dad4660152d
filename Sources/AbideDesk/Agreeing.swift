package import AbideCore
import AbideStore
import Foundation

/// A version with all that people ask about it.
package struct AgreementView: Sendable {
    package var digest: String
    /// The file as written, and those beside it of which it is made, by name.
    package var text: String
    package var sources: [String: String]
    package var storedAt: Instant
    package var agreement: Agreement
    /// From when on, for whom; those of other clients are left out for a client's reader.
    package var uses: [AgreementUse]
    package var acceptances: [AgreementConsent]
}

/// A stretch of time in which a version is in force.
package struct AgreementUse: Sendable, Hashable {
    /// nil: all clients without an agreement of their own.
    package var client: ClientName?
    package var from: Instant
    /// When another one came, or will come, into force; nil: none has.
    package var until: Instant?
    package var recordedAt: Instant
    package var actor: String
}

package struct ClientName: Sendable, Hashable {
    package var id: Int64
    package var name: String
}

package struct AgreementConsent: Sendable, Hashable {
    package var client: ClientName
    package var personName: String
    package var acceptedAt: Instant
}

/// Something that happened to agreements: put in force, or accepted.
package struct AgreementEvent: Sendable {
    package enum Kind: String, Sendable { case inForce, backToShared, accepted }

    package var kind: Kind
    package var digest: String?
    package var client: ClientName?
    package var occurredAt: Instant
    package var recordedAt: Instant
    package var actor: String
    package var sentence: String
}

/// Versions of agreements: which is in force for whom, and who accepted it (O2, O4).
extension Desk {
    /// Stores a version for later use; one that is known stays as it is.
    /// - Throws: `AgreementFaults` with every fault of the file.
    @discardableResult
    package func putAgreement(yaml: String, fileName: String, beside: (String) -> String? = AgreementFile.standardBeside) async throws -> Agreement {
        let reading = AgreementFile.load(yaml: yaml, fileName: fileName, knows: agreements.knows, beside: beside)
        guard let terms = reading.terms else { throw AgreementFaults(fileName: fileName, faults: reading.faults) }
        let agreement = try agreements.make(terms)
        let version = AgreementVersion(digest: terms.digest, name: terms.name, version: String(terms.version), yaml: yaml, sources: reading.sources, storedAt: now())
        try await db.write { try $0.putAgreement(version) }
        agreements.add(agreement)
        return agreement
    }

    /// Puts a stored version in force for a client, or for all that have none of their own; running tickets stay with theirs (O2).
    /// - Parameters:
    ///   - digest: nil: the client has no agreement of its own any more.
    ///   - client: nil: for all without one.
    ///   - from: nil: the date that the version itself names, or now.
    /// - Returns: from when it is in force.
    @discardableResult
    package func putInForce(digest: String?, client: Int64?, from: Instant? = nil, actor: String) async throws -> Instant {
        let now = now()
        if let from, from < now { throw Refusal.input("from", "This lies in the past, and nothing that is past changes. Leave it out for now, or name a later day.") }
        let names = try await people().clients
        if let client, names[client] == nil { throw Refusal(.unknown, "There is no such client.") }
        if digest == nil, client == nil { throw Refusal.input("digest", "There must be an agreement for all: name the version that is to be in force.") }
        let begins: Instant
        if let digest {
            guard let agreement = try await db.read({ try? self.agreement(digest: digest, $0) }) else {
                throw Refusal.input("digest", "There is no version with this digest. Store the file first.")
            }
            begins = from ?? agreement.terms.begins(agreement, from: now)
        } else { begins = from ?? now }
        try await db.write { session in
            try session.putInForce(AgreementInForce(client: client, digest: digest, effectiveFrom: begins, recordedAt: now, actor: actor))
        }
        try await db.read { try self.agreements.refresh($0) }
        return begins
    }

    /// The desk's and each client's use of versions, with the dates; a client's reader sees what concerns the own client.
    package func agreementViews(for person: Person) async throws -> [AgreementView] {
        let own = person.role.isStaff ? nil : person.client
        if !person.role.isStaff, own == nil { return [] }
        return try await db.read { session in
            let directory = try self.directory.content(session, now: self.now())
            let entries = try session.agreementsInForce().filter { own == nil || $0.client == nil || $0.client == own }
            let acceptances = try session.acceptances(client: own)
            func name(_ id: Int64) -> ClientName { ClientName(id: id, name: directory.clients[id]?.name ?? "") }
            return try session.agreements().compactMap { version in
                let uses = entries.filter { $0.digest == version.digest }.map { entry in
                    AgreementUse(client: entry.client.map(name), from: entry.effectiveFrom, until: Self.end(of: entry, entries), recordedAt: entry.recordedAt, actor: entry.actor)
                }
                let consents = acceptances.filter { $0.digest == version.digest }.map { AgreementConsent(client: name($0.client), personName: $0.personName, acceptedAt: $0.acceptedAt) }
                // A version that was never in force for a client is none of its business.
                if own != nil, uses.isEmpty, consents.isEmpty { return nil }
                return AgreementView(
                    digest: version.digest, text: version.yaml, sources: version.sources, storedAt: version.storedAt, agreement: try self.agreement(digest: version.digest, session), uses: uses, acceptances: consents)
            }
        }
    }

    /// When the next entry for the same client comes into force.
    private static func end(of entry: AgreementInForce, _ all: [AgreementInForce]) -> Instant? {
        all.filter { $0.client == entry.client && ($0.effectiveFrom, $0.id) > (entry.effectiveFrom, entry.id) }.map(\.effectiveFrom).min()
    }

    /// - Parameter digest: or its beginning, 8 letters or more, where that means one version.
    package func agreementView(digest: String, for person: Person) async throws -> AgreementView {
        let found = try await agreementViews(for: person).filter { $0.digest == digest || digest.utf8.count >= 8 && $0.digest.hasPrefix(digest) }
        guard let view = found.first, found.count == 1 else { throw Refusal(.unknown, "There is no such version of an agreement.") }
        return view
    }

    /// The terms of a version by the beginning of its digest, or `current`, for administration by script.
    package func agreementTerms(_ word: String) async throws -> AgreementTerms {
        if word == "current" { return currentAgreement().terms }
        let found = try await db.read { session in try session.agreements().filter { word.utf8.count >= 8 && $0.digest.hasPrefix(word) }.map { try self.agreement(digest: $0.digest, session).terms } }
        guard let terms = found.first, found.count == 1 else {
            throw Refusal.input("digest", "\(word) is no file, and no version of this desk begins like that; name a file, 8 or more letters of a digest, or current.")
        }
        return terms
    }

    /// What happened to agreements, in the order in which it was recorded.
    package func agreementEvents(for person: Person) async throws -> [AgreementEvent] {
        let own = person.role.isStaff ? nil : person.client
        return !person.role.isStaff && own == nil ? [] : try await agreementEvents(client: own)
    }

    /// - Parameter client: only what concerns this one; nil: everything, for administration by script.
    package func agreementEvents(client own: Int64? = nil) async throws -> [AgreementEvent] {
        try await db.read { session in
            let directory = try self.directory.content(session, now: self.now())
            func name(_ id: Int64) -> ClientName { ClientName(id: id, name: directory.clients[id]?.name ?? "") }
            func title(_ digest: String?) throws -> String {
                guard let digest else { return "" }
                let terms = try self.agreement(digest: digest, session).terms
                return "\(terms.name), version \(terms.version)"
            }
            let put = try session.agreementsInForce().filter { own == nil || $0.client == nil || $0.client == own }.map { entry -> AgreementEvent in
                let client = entry.client.map(name)
                let sentence = try entry.digest == nil
                    ? "\(entry.actor) ended the agreement of its own of \(client?.name ?? "a client")."
                    : "\(entry.actor) put \(title(entry.digest)) in force for \(client?.name ?? "all clients without an agreement of their own"). Running tickets stay with theirs."
                return AgreementEvent(
                    kind: entry.digest == nil ? .backToShared : .inForce, digest: entry.digest, client: client, occurredAt: entry.effectiveFrom, recordedAt: entry.recordedAt,
                    actor: entry.actor, sentence: sentence)
            }
            let accepted = try session.acceptances(client: own).map { acceptance in
                AgreementEvent(
                    kind: .accepted, digest: acceptance.digest, client: name(acceptance.client), occurredAt: acceptance.acceptedAt, recordedAt: acceptance.acceptedAt,
                    actor: acceptance.personName, sentence: "\(acceptance.personName) accepted \(try title(acceptance.digest)) for \(name(acceptance.client).name).")
            }
            return (put + accepted).sorted { $0.recordedAt < $1.recordedAt }
        }
    }

    /// A client's consent to a version that is, was or will be in force for it.
    package func accept(agreement digest: String, by person: Person) async throws -> AgreementView {
        guard Permissions.allows(person.role, .acceptAgreement), let client = person.client else {
            throw Refusal.role(person.role, may: "The primary contact or the stand-in accepts the agreement for a client.", clause: "O4")
        }
        let digest = try await agreementView(digest: digest, for: person).digest
        let now = now()
        let isNew = try await db.write { session in
            try session.putAcceptance(AgreementAcceptance(digest: digest, client: client, person: person.id, personName: person.name, acceptedAt: now))
        }
        guard isNew else { throw Refusal(.state, "This version was accepted already.", clause: "O4") }
        return try await agreementView(digest: digest, for: person)
    }

    /// Where tickets of the past would have gone under other routing rules; touches nothing.
    package func tryRouting(_ terms: AgreementTerms, limit: Int = 10_000) async throws -> [RoutingTrial] {
        try await db.read { session in
            let directory = try self.directory.content(session, now: self.now())
            var trials: [RoutingTrial] = []
            let decoder = JSONDecoder()
            // To which mailbox a ticket's first mail was sent.
            let mailboxes = Dictionary(
                try session.run("SELECT ticket, envelope_to FROM mail_in WHERE ticket IS NOT NULL ORDER BY id").map { ($0.int64(0), $0.text(1).split(separator: " ").map { $0.lowercased() }) },
                uniquingKeysWith: { first, _ in first })
            try session.eachHistory { key, stored in
                guard trials.count < limit else { return }
                let events = try stored.map { try self.decoded($0, decoder).event }
                if let trial = RoutingTrial(ref: key.ref, events: events, terms: terms, recipients: mailboxes[key.id] ?? [], client: { id in directory.clients[id]?.name }) { trials.append(trial) }
            }
            return trials
        }
    }
}

/// Where one ticket went when it was registered, and where other rules would have sent it.
package struct RoutingTrial: Sendable {
    package var ref: String
    package var subject: String
    package var was: String?
    package var route: Route
    package var isSame: Bool { was == route.department }

    init?(ref: String, events: [TicketEvent], terms: AgreementTerms, recipients: [String], client name: (Int64) -> String?) {
        guard let first = events.first, case .registered(let channel, let client, _, let urgency, _, let department, _) = first.fact else { return nil }
        var fields: [String: String] = [:]
        for (key, text) in first.texts where key.hasPrefix("field.") { fields[String(key.dropFirst(6))] = text }
        let subject = first.texts[TextKey.subject] ?? ""
        let (kind, category, proposals) = terms.proposals(fields: fields)
        self.ref = ref
        self.subject = subject
        was = department
        route = terms.route(
            RoutingFacts(
                kind: kind?.name, category: category?.name, client: client.flatMap(name), 
                mailbox: terms.provider.otherMailboxes.first { recipients.contains($0.lowercased()) } ?? terms.provider.mailbox, channel: channel,
                severity: urgency ?? proposals.severity ?? terms.provisionalSeverity, text: "\(subject)\n\(fields["description"] ?? "")"),
            proposals: proposals)
    }
}

/// What a client has: its agreement, and the facts of its record that the agreement asks for.
package struct ClientAgreement: Sendable {
    package var client: ClientName
    package var agreement: Agreement
    /// False: the one for all.
    package var isOwn: Bool
    package var entitlements: [String: String]
}

extension Desk {
    package func clientAgreement(_ id: Int64, for person: Person) async throws -> ClientAgreement {
        guard person.role.isStaff || person.client == id else { throw Refusal(.unknown, "There is no such client.") }
        return try await clientAgreement(id)
    }

    /// The same for administration by script.
    package func clientAgreement(named name: String) async throws -> ClientAgreement { try await clientAgreement(try await clientID(named: name)) }

    private func clientAgreement(_ id: Int64) async throws -> ClientAgreement {
        let now = now()
        return try await db.read { session in
            try self.agreements.refresh(session)
            guard let client = try session.client(id: id) else { throw Refusal(.unknown, "There is no such client.") }
            let own = AgreementShelf.entry(try session.agreementsInForce(), client: id, at: now)?.digest != nil
            var facts = try session.entitlements()[id] ?? [:]
            facts.merge(Self.entitlements(client, at: now)) { $1 }
            return ClientAgreement(client: ClientName(id: id, name: client.name), agreement: self.agreement(client: id, at: now), isOwn: own, entitlements: facts)
        }
    }

    /// Sets a fact of a client's record that its agreement names (M); nil: the record says nothing any more.
    package func entitle(client id: Int64, name: String, value: String?) async throws {
        let terms = try await clientAgreement(id).agreement.terms
        let known = terms.facts.filter { $0.of == .client }
        guard let fact = known.first(where: { $0.name == name }) else {
            throw Refusal.input("name", known.isEmpty ? "The client's agreement names no facts of a client." : "One of \(known.map(\.name).joined(separator: ", ")).")
        }
        if let value, !fact.values.contains(value) { throw Refusal.input("value", "One of \(fact.values.joined(separator: ", ")).") }
        try await db.write { try $0.putEntitlement(client: id, name: name, value: value) }
        directory.forget()
    }
}
