package import AbideCore
import CCurl
import Dispatch
import Foundation

/// A mailbox that is read by IMAP (RFC 9051): `imaps://user@host[:port]/INBOX` or `imap://…` with STARTTLS.
///
/// Further settings stand behind `?`: `password-env=NAME`, `password-file=FILE`, or `token-file=FILE` for an OAuth 2 bearer token (XOAUTH2), which is
/// read anew each time since another program renews it; `move=FOLDER` (else what was taken over is marked as seen); `ca-file=FILE` for a
/// certificate authority of one's own; `every=SECONDS`. The certificate is always verified.
package struct IMAPMailbox: Sendable, CustomStringConvertible {
    package struct BadAddress: Error, CustomStringConvertible {
        package let description: String
    }

    /// What went wrong, in words for the administrator; never with a secret.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
        package init(_ description: String) { self.description = description }
    }

    /// Where the desk has come to; UIDs count within one UIDVALIDITY alone (RFC 9051 2.3.1.1).
    package struct Position: Sendable, Hashable {
        package var validity: Int64
        package var uid: Int64
        package init(validity: Int64, uid: Int64) {
            self.validity = validity
            self.uid = uid
        }
    }

    package struct Message: Sendable {
        package var uid: Int64
        /// When the server received it (R17).
        package var receivedAt: Instant?
        package var raw: [UInt8]
    }

    /// Without any secret; the key of what is remembered.
    package let description: String
    /// Seconds between two looks.
    package let every: Int64
    private let line: IMAPLine
    private let move: String?

    private static let largest = 67_108_864

    /// - Parameter environment: where `password-env` and, without any other, `ABIDE_IMAP_PASSWORD` are looked up.
    package init(url: String, environment: [String: String]) throws {
        let fault = "imap \(url.contains(":") && url.contains("@") ? "address" : url): expected imaps://user@host[:port]/FOLDER?password-file=FILE"
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(), ["imap", "imaps"].contains(scheme), let host = parts.host, !host.isEmpty, let user = parts.user, !user.isEmpty,
            parts.fragment == nil
        else { throw BadAddress(description: fault) }
        let folder = parts.path.drop { $0 == "/" }.removingPercentEncoding ?? ""
        var secret: IMAPLine.Secret?
        var move: String?
        var authority: String?
        var every: Int64 = 30
        for item in parts.queryItems ?? [] {
            guard let value = item.value, !value.isEmpty else { throw BadAddress(description: "\(fault); \(item.name) needs a value") }
            switch item.name {
            case "password-env": secret = .environment(value)
            case "password-file": secret = .file(value)
            case "token-file": secret = .token(value)
            case "move": move = value
            case "ca-file": authority = value
            case "every":
                guard let seconds = Int64(value), (1...3_600).contains(seconds) else { throw BadAddress(description: "\(fault); every is 1 to 3600 seconds") }
                every = seconds
            default: throw BadAddress(description: "\(fault); known settings are password-env, password-file, token-file, move, ca-file, every, not \(item.name)")
            }
        }
        guard !folder.contains(where: { "\"\\\r\n".contains($0) }), !(move ?? "").contains(where: { "\"\\\r\n".contains($0) }) else { throw BadAddress(description: "\(fault); a folder's name has no quotation mark") }
        if let password = parts.password { secret = .text(password) }
        let login = user.removingPercentEncoding ?? user
        let address = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
        description = "\(scheme)://\(login)@\(host)" + (parts.port.map { ":\($0)" } ?? "") + "/" + (folder.isEmpty ? "INBOX" : folder)
        self.every = every
        self.move = move
        line = IMAPLine(
            url: address, folder: folder.isEmpty ? "INBOX" : folder, user: login, secret: secret ?? .environment("ABIDE_IMAP_PASSWORD"), authority: authority.map { .file($0) }, environment: environment)
    }

    /// One that administrators set up. A grant is traded for a token here.
    /// - Returns: the mailbox, and the grant where the provider renewed it.
    package static func open(_ access: MailboxAccess) async throws -> (mailbox: IMAPMailbox, renewed: MailboxGrant?) {
        switch access.secret {
        case .password(let password): return (IMAPMailbox(access, .text(password)), nil)
        case .grant(let grant):
            let answer = try await OAuthGrant.ask(grant, authority: access.authority)
            return (IMAPMailbox(access, .bearer(answer.token)), answer.renewed)
        }
    }

    private init(_ access: MailboxAccess, _ secret: IMAPLine.Secret) {
        description = access.address
        every = 30
        move = access.move
        line = IMAPLine(
            url: "\(access.isWrapped ? "imaps" : "imap")://\(access.host)" + (access.port.map { ":\($0)" } ?? ""), folder: access.folder, user: access.user, secret: secret,
            authority: access.authority.map { .pem($0) }, environment: [:])
    }

    /// Looks into it and takes nothing.
    package func trial() async throws -> MailboxFound {
        await line.begin()
        let found = MailboxFound(messages: Set(try await line.uids("UID SEARCH ALL").uids).count, unseen: Set(try await line.uids("UID SEARCH UNSEEN").uids).count)
        if let move {
            do { try await line.exists(move) } catch { throw Fault("there is no folder \(move) to move to (\(error))") }
        }
        return found
    }

    /// Looks for what came since, and hands over one message after the other; each is marked or moved only after `take` has returned.
    /// - Parameters:
    ///   - last: where the desk had come to; nil at the first look, which takes what nobody has seen yet.
    ///   - take: stores a message durably, with the position behind it.
    /// - Returns: the position now.
    package func poll(after last: Position?, limit: Int = 200, take: @escaping @Sendable (Message, Position) async throws -> Void) async throws -> Position {
        await line.begin()
        let folder = try await line.uids("UID SEARCH \(last.map { "UID \($0.uid + 1):*" } ?? "UNSEEN")")
        // Another validity: the numbers mean other messages now. What is there already is known by its content (R11).
        let isSame = last.map { $0.validity == folder.validity } ?? true
        let found = isSame ? folder : try await line.uids("UID SEARCH ALL")
        let floor = isSame ? last?.uid ?? 0 : 0
        var position = Position(validity: found.validity, uid: floor)
        for uid in found.uids.filter({ $0 > floor }).sorted().prefix(limit) {
            let about = try await line.about(uid)
            if about.size > Self.largest { throw Fault("message \(uid) has \(about.size) bytes, more than \(Self.largest): move it away by hand") }
            let raw = try await line.fetch(uid)
            position.uid = max(position.uid, uid)
            try await take(Message(uid: uid, receivedAt: about.receivedAt, raw: raw), position)
            try await line.done(uid, move: move)
        }
        if last == nil {
            // What was seen before the desk came is not its business.
            let all = try await line.uids("UID SEARCH ALL")
            if all.uids.allSatisfy({ $0 <= position.uid || !found.uids.contains($0) }), found.uids.count <= limit { position.uid = max(position.uid, all.uids.max() ?? 0) }
        }
        return position
    }
}
