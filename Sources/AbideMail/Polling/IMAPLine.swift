import AbideCore
import CCurl
import Dispatch
import Foundation

/// The connection to one IMAP server, kept open for one look. libcurl blocks, so it works on a queue of its own.
///
/// `@unchecked Sendable`: the handle is touched on `queue` alone.
final class IMAPLine: @unchecked Sendable {
    enum Secret: Sendable { case text(String), environment(String), file(String), token(String), bearer(String) }
    /// A certificate authority of one's own: a file, or its text in PEM.
    enum Authority: Sendable { case file(String), pem(String) }

    private let queue = DispatchQueue(label: "abide.imap")
    private let url: String
    private let folder: String
    private let user: String
    private let secret: Secret
    private let authority: Authority?
    private let environment: [String: String]
    private var handle: UnsafeMutableRawPointer?

    init(url: String, folder: String, user: String, secret: Secret, authority: Authority?, environment: [String: String]) {
        self.url = url
        self.folder = folder
        self.user = user
        self.secret = secret
        self.authority = authority
        self.environment = environment
        _ = Self.ready
    }

    private static let ready: Void = { _ = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()

    deinit { if let handle { curl_easy_cleanup(handle) } }

    /// Begins a look with a connection of its own: a folder that stays selected would not tell that it was made anew.
    func begin() async {
        await withCheckedContinuation { continuation in
            queue.async {
                if let handle = self.handle { curl_easy_cleanup(handle) }
                self.handle = nil
                continuation.resume()
            }
        }
    }

    func uids(_ command: String) async throws -> (validity: Int64, uids: [Int64]) {
        let heard = try await perform(command)
        var uids: [Int64] = []
        var validity: Int64?
        for line in heard.lines {
            if line.uppercased().hasPrefix("* SEARCH") { uids += line.split(separator: " ").dropFirst(2).compactMap { Int64($0) } }
            if let at = line.range(of: "UIDVALIDITY ") { validity = Int64(line[at.upperBound...].prefix { $0.isNumber }) }
        }
        lastValidity = validity ?? lastValidity
        guard let lastValidity else { throw IMAPMailbox.Fault("the server tells no UIDVALIDITY") }
        return (lastValidity, uids)
    }

    /// A folder that stays selected is not announced again.
    private var lastValidity: Int64?

    func about(_ uid: Int64) async throws -> (size: Int, receivedAt: Instant?) {
        let text = try await perform("UID FETCH \(uid) (RFC822.SIZE INTERNALDATE)").lines.joined(separator: " ")
        let size = text.range(of: "RFC822.SIZE ").flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) } ?? 0
        let date = text.range(of: "INTERNALDATE \"").map { String(text[$0.upperBound...].prefix { $0 != "\"" }) }
        return (size, date.flatMap { GMimeValues.date($0.replacingOccurrences(of: "-", with: " ", range: $0.startIndex..<($0.index($0.startIndex, offsetBy: 11, limitedBy: $0.endIndex) ?? $0.endIndex))) })
    }

    func fetch(_ uid: Int64) async throws -> [UInt8] {
        let heard = try await perform(nil, uid: uid)
        guard !heard.body.isEmpty else { throw IMAPMailbox.Fault("message \(uid) came empty") }
        return heard.body
    }

    /// - Throws: what the server says where there is no such folder.
    func exists(_ folder: String) async throws { _ = try await perform("STATUS \"\(folder)\" (MESSAGES)") }

    func done(_ uid: Int64, move: String?) async throws {
        _ = try await perform(move.map { "UID MOVE \(uid) \"\($0)\"" } ?? "UID STORE \(uid) +FLAGS.SILENT (\\Seen)")
    }

    // MARK: libcurl

    private final class Heard {
        var body: [UInt8] = []
        var header: [UInt8] = []
        var lines: [String] { String(decoding: header + body, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init) }
    }

    private func perform(_ command: String?, uid: Int64? = nil) async throws -> (lines: [String], body: [UInt8]) {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try self.blocking(command, uid) }) }
        }
    }

    private func blocking(_ command: String?, _ uid: Int64?) throws -> (lines: [String], body: [UInt8]) {
        guard let handle = handle ?? curl_easy_init() else { throw IMAPMailbox.Fault("libcurl could not start") }
        self.handle = handle
        // Forgets the options of the last command, keeps its connection.
        curl_easy_reset(handle)
        try prepare(handle, uid)
        if let command { _ = abide_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, command) }
        let heard = Heard()
        let outcome = withExtendedLifetime(heard) {
            let context = Unmanaged.passUnretained(heard).toOpaque()
            _ = abide_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
            _ = abide_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
            _ = abide_curl_set_transfer(handle, CURLOPT_WRITEFUNCTION) { buffer, size, count, context in
                guard let buffer, let context else { return 0 }
                let heard = Unmanaged<Heard>.fromOpaque(context).takeUnretainedValue()
                guard heard.body.count + size * count <= 80_000_000 else { return 0 }
                heard.body.append(contentsOf: UnsafeRawBufferPointer(start: buffer, count: size * count))
                return size * count
            }
            _ = abide_curl_set_transfer(handle, CURLOPT_HEADERFUNCTION) { buffer, size, count, context in
                guard let buffer, let context else { return 0 }
                let heard = Unmanaged<Heard>.fromOpaque(context).takeUnretainedValue()
                if heard.header.count < 1_000_000 { heard.header.append(contentsOf: UnsafeRawBufferPointer(start: buffer, count: size * count)) }
                return size * count
            }
            return curl_easy_perform(handle)
        }
        guard outcome == CURLE_OK else { throw IMAPMailbox.Fault(Self.words(outcome, heard.lines)) }
        return (heard.lines, heard.body)
    }

    private func prepare(_ handle: UnsafeMutableRawPointer, _ uid: Int64?) throws {
        let path = folder.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? folder
        _ = abide_curl_set_string(handle, CURLOPT_URL, "\(url)/\(path)" + (uid.map { "/;UID=\($0)" } ?? ""))
        _ = abide_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "imap,imaps")
        _ = abide_curl_set_string(handle, CURLOPT_PROXY, "")
        _ = abide_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = abide_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, 15)
        _ = abide_curl_set_long(handle, CURLOPT_TIMEOUT, 120)
        _ = abide_curl_set_long(handle, CURLOPT_SSLVERSION, 6 /* CURL_SSLVERSION_TLSv1_2 */)
        _ = abide_curl_set_long(handle, CURLOPT_USE_SSL, 3 /* CURLUSESSL_ALL */)
        _ = abide_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
        _ = abide_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
        switch authority {
        case .file(let path): _ = abide_curl_set_string(handle, CURLOPT_CAINFO, path)
        case .pem(let text): _ = abide_curl_set_bytes(handle, CURLOPT_CAINFO_BLOB, text, text.utf8.count)
        case nil: break
        }
        _ = abide_curl_set_string(handle, CURLOPT_USERNAME, user)
        switch secret {
        case .text(let password): _ = abide_curl_set_string(handle, CURLOPT_PASSWORD, password)
        case .environment(let name):
            guard let password = environment[name], !password.isEmpty else { throw IMAPMailbox.Fault("the variable \(name) with the password is not set") }
            _ = abide_curl_set_string(handle, CURLOPT_PASSWORD, password)
        case .file(let path): _ = abide_curl_set_string(handle, CURLOPT_PASSWORD, try Self.secret(path))
        case .token(let path): bear(try Self.secret(path), handle)
        case .bearer(let token): bear(token, handle)
        }
    }

    private func bear(_ token: String, _ handle: UnsafeMutableRawPointer) {
        _ = abide_curl_set_string(handle, CURLOPT_XOAUTH2_BEARER, token)
        _ = abide_curl_set_string(handle, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2")
    }

    private static func secret(_ path: String) throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty else { throw IMAPMailbox.Fault("\(path) with the secret can't be read, or is empty") }
        return text
    }

    private static func words(_ outcome: CURLcode, _ lines: [String]) -> String {
        let said = lines.last { $0.contains(" NO ") || $0.contains(" BAD ") || $0.hasPrefix("* BYE") }.map { ": " + OneLine.of(String($0.prefix(200))) } ?? ""
        return String(cString: curl_easy_strerror(outcome)) + said
    }
}
