package import AbideCore
import AbideStore
import Foundation
import Synchronization

/// A mailbox as administration sees it: never with its secret.
package struct MailboxRecord: Sendable, Hashable {
    package var id: Int64
    package var host: String
    package var port: Int?
    package var isWrapped: Bool
    package var user: String
    package var folder: String
    package var move: String?
    package var authority: String?
    /// Signs in by an OAuth 2 grant, not by a password.
    package var hasGrant: Bool
    package var every: Int64
    package var isPaused: Bool
    package var address: String
    package var readAt: Instant?
    package var failingSince: Instant?
    package var error: String?

    init(_ mailbox: StoredMailbox, _ source: MailSource?) {
        id = mailbox.id
        host = mailbox.host
        port = mailbox.port
        isWrapped = mailbox.isWrapped
        user = mailbox.user
        folder = mailbox.folder
        move = mailbox.move
        authority = mailbox.authority
        hasGrant = mailbox.kind == "grant"
        every = mailbox.every
        isPaused = mailbox.isPaused
        address = mailbox.address
        readAt = source?.readAt
        failingSince = source?.failingSince
        error = source?.error
    }
}

/// What is given for a mailbox, as typed.
package struct MailboxInput: Sendable {
    package var host = ""
    package var port = ""
    package var isWrapped = true
    package var user = ""
    package var folder = ""
    package var move = ""
    package var authority = ""
    package var every = ""
    package var hasGrant = false
    /// Empty at a change: the one that is kept.
    package var password = ""
    package var endpoint = ""
    package var client = ""
    package var clientSecret = ""
    package var refreshToken = ""
    package init() {}
}

/// A mailbox that this node looks into now.
package struct MailboxTask: Sendable {
    package var id: Int64
    package var access: MailboxAccess
    package var every: Int64
    var failures: Int64
    var sealed: String
}

/// Mailboxes that are set up on pages and by command, besides those of `--imap`. Each is looked into by one node at a time.
extension Desk {
    /// No server may keep a look longer than this; then another node takes it up.
    private static let lookSeconds: Int64 = 600

    package func mailboxes(for manager: Manager) async throws -> [MailboxRecord] {
        try manager.mustAdminister()
        return try await db.read { session in
            let sources = Dictionary(try session.mailSources().map { ($0.address, $0) }) { first, _ in first }
            return try session.mailboxes().map { MailboxRecord($0, sources[$0.address]) }
        }
    }

    package func mailbox(_ id: Int64, for manager: Manager) async throws -> MailboxRecord {
        try manager.mustAdminister()
        return try await db.read { session in
            guard let found = try session.mailbox(id: id) else { throw Refusal(.unknown, "There is no such mailbox.") }
            return MailboxRecord(found, try session.mailSource(found.address))
        }
    }

    /// Sets up a mailbox, or changes one, and tries it. One that can't be read is kept, and paused until somebody has seen to it.
    /// - Parameter id: nil: a new one.
    /// - Returns: its id, and what is wrong with it; nil: it is read from now on.
    package func putMailbox(_ id: Int64?, _ input: MailboxInput, by manager: Manager) async throws -> (id: Int64, fault: String?) {
        try manager.mustAdminister()
        let known = try await db.read { session in try id.flatMap { try session.mailbox(id: $0) } }
        if id != nil, known == nil { throw Refusal(.unknown, "There is no such mailbox.") }
        var mailbox = try check(input, known)
        var fault: String?
        do { mailbox = try await look(mailbox).mailbox } catch { fault = "\(error)" }
        mailbox.isPaused = fault != nil
        let now = now(), kept = mailbox, wrong = fault
        let stored = try await db.write { session in
            if try session.mailboxes().contains(where: { $0.address == kept.address && $0.id != kept.id }) { throw Refusal.input("user", "This mailbox is set up already.") }
            var id = kept.id
            if id == 0 {
                id = try session.insertMailbox(kept)
            } else {
                try session.updateMailbox(kept)
                if let known, known.address != kept.address { try session.deleteMailSource(known.address) }
            }
            try self.note(session, kept.address, wrong, at: now)
            try session.audit(manager, at: now, known == nil ? "mailbox set up" : "mailbox changed", "mailbox:\(id)", kept.address)
            return id
        }
        conditionSeen.withLock { $0 = nil }
        return (stored, wrong)
    }

    /// Looks into it once, and takes nothing.
    /// - Returns: what was found.
    package func tryMailbox(_ id: Int64, by manager: Manager) async throws -> Result<MailboxFound, MailboxFault> {
        try manager.mustAdminister()
        guard let mailbox = try await db.read({ try $0.mailbox(id: id) }) else { throw Refusal(.unknown, "There is no such mailbox.") }
        do {
            let (found, renewed) = try await look(mailbox)
            if renewed.sealed != mailbox.sealed { try await db.write { try $0.resealMailbox(id, from: mailbox.sealed, to: renewed.sealed) } }
            return .success(found)
        } catch { return .failure(MailboxFault("\(error)")) }
    }

    package func pauseMailbox(_ id: Int64, _ pauses: Bool, by manager: Manager) async throws {
        try manager.mustAdminister()
        let now = now()
        try await db.write { session in
            guard var mailbox = try session.mailbox(id: id) else { throw Refusal(.unknown, "There is no such mailbox.") }
            guard mailbox.isPaused != pauses else { return }
            mailbox.isPaused = pauses
            mailbox.failures = 0
            mailbox.nextAt = now
            try session.updateMailbox(mailbox)
            try self.note(session, mailbox.address, nil, at: now)
            try session.audit(manager, at: now, pauses ? "mailbox paused" : "mailbox goes on", "mailbox:\(id)", mailbox.address)
        }
        conditionSeen.withLock { $0 = nil }
    }

    /// What was taken over stays; what lies in the mailbox stays there.
    package func removeMailbox(_ id: Int64, by manager: Manager) async throws {
        try manager.mustAdminister()
        let now = now()
        try await db.write { session in
            guard let mailbox = try session.mailbox(id: id) else { throw Refusal(.unknown, "There is no such mailbox.") }
            try session.deleteMailbox(id)
            try session.deleteMailSource(mailbox.address)
            try session.audit(manager, at: now, "mailbox removed", "mailbox:\(id)", mailbox.address)
        }
        conditionSeen.withLock { $0 = nil }
    }

    // MARK: Looking

    /// The mailboxes that are due, each for this node alone until `finishMailbox`.
    package func dueMailboxes() async throws -> [MailboxTask] {
        let now = now()
        // Most looks find none: they cost a read.
        guard try await db.glance({ try $0.mailboxes().contains { !$0.isPaused && $0.nextAt <= now } }) else { return [] }
        let claimed = try await db.write { try $0.claimMailboxes(at: now, until: now + Self.lookSeconds) }
        var tasks: [MailboxTask] = []
        for mailbox in claimed {
            do { tasks.append(MailboxTask(id: mailbox.id, access: try access(mailbox), every: mailbox.every, failures: mailbox.failures, sealed: mailbox.sealed)) } catch {
                try await noteMailSource(mailbox.address, failed: "Its secret can't be opened: it was sealed with another key of --keys. Type it again.")
            }
        }
        return tasks
    }

    /// After a look. A server that is away is asked less and less often, but at least every five minutes.
    package func finishMailbox(_ task: MailboxTask, failed: Bool) async throws {
        let now = now(), failures = failed ? task.failures + 1 : 0
        let pause = min(300, task.every << min(8, max(0, failures - 1)))
        try await db.write { try $0.releaseMailbox(task.id, failures: failures, nextAt: now + max(task.every, pause)) }
    }

    /// Keeps the refresh token that the provider gave in place of the last one.
    package func keepGrant(_ grant: MailboxGrant, of task: MailboxTask) async throws {
        let sealed = try keys.seal([UInt8](try JSONEncoder().encode(grant)))
        try await db.write { try $0.resealMailbox(task.id, from: task.sealed, to: sealed) }
    }

    /// Addresses of those that are set up here and not paused.
    func lookedInto() async throws -> [String] { try await db.read { try $0.mailboxes().filter { !$0.isPaused }.map(\.address) } }

    private func access(_ mailbox: StoredMailbox) throws -> MailboxAccess {
        let secret = try keys.open(mailbox.sealed)
        return MailboxAccess(
            host: mailbox.host, port: mailbox.port, isWrapped: mailbox.isWrapped, user: mailbox.user, folder: mailbox.folder, move: mailbox.move, authority: mailbox.authority,
            secret: mailbox.kind == "grant" ? .grant(try JSONDecoder().decode(MailboxGrant.self, from: Data(secret))) : .password(String(decoding: secret, as: UTF8.self)))
    }

    /// - Returns: what was found, and the mailbox as it is then: a provider may renew the grant with each use.
    private func look(_ mailbox: StoredMailbox) async throws -> (found: MailboxFound, mailbox: StoredMailbox) {
        guard let probe = settings.probeMailbox else { throw MailboxFault("This process reads no mailboxes.") }
        let (found, renewed) = try await probe(try access(mailbox))
        var mailbox = mailbox
        if let renewed { mailbox.sealed = try keys.seal([UInt8](try JSONEncoder().encode(renewed))) }
        return (found, mailbox)
    }

    /// How a trial went, as a look's outcome stands; where the mailbox has been read up to stays.
    private func note(_ session: any Session, _ address: String, _ fault: String?, at now: Instant) throws {
        var source = try session.mailSource(address) ?? MailSource(address: address)
        source.failingSince = fault == nil ? nil : source.failingSince ?? now
        source.error = fault.map { String($0.prefix(500)) }
        source.toldAt = fault == nil ? nil : source.toldAt
        try session.putMailSource(source)
    }

    private func check(_ input: MailboxInput, _ known: StoredMailbox?) throws -> StoredMailbox {
        func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }
        var faults: [String: Phrase] = [:]
        let host = trimmed(input.host).lowercased(), user = trimmed(input.user), move = trimmed(input.move), authority = trimmed(input.authority)
        let folder = trimmed(input.folder).isEmpty ? "INBOX" : trimmed(input.folder)
        if host.isEmpty || host.utf8.count > 253 || !host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }) { faults["host"] = "The name of the server, as imap.example.com." }
        var port: Int?
        if !trimmed(input.port).isEmpty {
            port = Int(trimmed(input.port))
            if !(1...65_535).contains(port ?? 0) { faults["port"] = "A number between 1 and 65535, or nothing for the usual one." }
        }
        func isLine(_ text: String) -> Bool { text.utf8.count <= 200 && !text.contains { "\"\\".contains($0) || $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 } } }
        if user.isEmpty || !isLine(user) { faults["user"] = "The name with which one signs in there." }
        if !isLine(folder) { faults["folder"] = "A folder's name has no quotation mark." }
        if !isLine(move) { faults["move"] = "A folder's name has no quotation mark." }
        if !authority.isEmpty, !authority.hasPrefix("-----BEGIN CERTIFICATE-----") || authority.utf8.count > 100_000 { faults["authority"] = "A certificate in PEM begins with -----BEGIN CERTIFICATE-----." }
        let every = trimmed(input.every).isEmpty ? 30 : Int64(trimmed(input.every)) ?? 0
        if !(1...3_600).contains(every) { faults["every"] = "Between 1 and 3600 seconds." }
        let kind = input.hasGrant ? "grant" : "password"
        var sealed = known?.kind == kind ? known?.sealed : nil
        if input.hasGrant {
            let old = try sealed.map { try JSONDecoder().decode(MailboxGrant.self, from: Data(try keys.open($0))) }
            let endpoint = trimmed(input.endpoint).isEmpty ? old?.endpoint ?? "" : trimmed(input.endpoint)
            if !Self.isTokenAddress(endpoint) { faults["endpoint"] = "An address with https://, as the provider names it for tokens." }
            let grant = MailboxGrant(
                endpoint: endpoint, client: trimmed(input.client).isEmpty ? old?.client ?? "" : trimmed(input.client), clientSecret: input.clientSecret.isEmpty ? old?.clientSecret ?? "" : input.clientSecret,
                refreshToken: trimmed(input.refreshToken).isEmpty ? old?.refreshToken ?? "" : trimmed(input.refreshToken))
            if grant.client.isEmpty { faults["client"] = "The provider gave one when the desk was registered there." }
            if grant.refreshToken.isEmpty { faults["refreshToken"] = "The provider gave one when access was granted." }
            sealed = try keys.seal([UInt8](try JSONEncoder().encode(grant)))
        } else if !input.password.isEmpty {
            if input.password.utf8.count > 1_000 || input.password.contains(where: \.isNewline) { faults["password"] = "At most 1000 characters, in one line." }
            sealed = try keys.seal(Array(input.password.utf8))
        } else if sealed == nil { faults["password"] = "The password with which one signs in there." }
        // A secret goes to the server for which it was given, and to no other.
        if let known, !input.hasGrant, input.password.isEmpty, host != known.host || port != known.port || input.isWrapped != known.isWrapped { faults["password"] = "Type it again: it was kept for another server." }
        if let known, input.hasGrant, input.refreshToken.isEmpty, host != known.host || port != known.port || !trimmed(input.endpoint).isEmpty { faults["refreshToken"] = "Type it again: it was kept for another server." }
        guard faults.isEmpty, let sealed else { throw Refusal.input(faults) }
        let now = now()
        return StoredMailbox(
            id: known?.id ?? 0, host: host, port: port, isWrapped: input.isWrapped, user: user, folder: folder, move: move.isEmpty ? nil : move, authority: authority.isEmpty ? nil : authority, kind: kind, sealed: sealed,
            every: every, isPaused: false, nextAt: now, createdAt: known?.createdAt ?? now)
    }

    /// Tokens travel encrypted, but for a server on the same machine.
    private static func isTokenAddress(_ text: String) -> Bool {
        guard text.utf8.count <= 500, let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty, parts.user == nil, parts.fragment == nil else { return false }
        return parts.scheme == "https" || parts.scheme == "http" && ["127.0.0.1", "localhost"].contains(host)
    }
}

/// Why a mailbox can't be read, in words for administrators.
package struct MailboxFault: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
