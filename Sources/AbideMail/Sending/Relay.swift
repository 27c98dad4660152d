import CCurl
import Dispatch
import Foundation
import Synchronization

/// What became of a message handed to the relay.
package enum SendResult: Sendable, Hashable {
    case sent
    /// A 4xx answer with its code, or 0 where nobody answered: the same message is to be tried again.
    case tryAgain(code: Int, text: String)
    /// A 5xx answer to this message or its recipient: trying again won't help.
    case failed(code: Int, text: String)
}

/// The mail server that outgoing mail is handed to (doors.md, `--relay`): `smtp://[user:password@]host[:port][?tls=required]` or `smtps://…`.
///
/// `smtp://` uses STARTTLS where it is offered, without asking who the other is; `?tls=required` and `smtps://` insist on TLS and verify
/// the certificate, by the system's authorities or by those in the PEM file that `?ca-file=PATH` names, which insists as well.
package struct Relay: Sendable, CustomStringConvertible {
    package struct BadAddress: Error, CustomStringConvertible {
        package let description: String
    }

    enum Security { case offered, required }

    /// Never with the password.
    package let description: String
    private let lines: [RelayLine]
    private let turn = Turn()

    package init(url: String) throws {
        let fault = "relay \(url.contains("@") ? "address" : url): expected smtp://[user:password@]host[:port][?tls=required][&ca-file=FILE] or smtps://…"
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(), ["smtp", "smtps"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.path.isEmpty || parts.path == "/", parts.fragment == nil
        else { throw BadAddress(description: fault) }
        var security: Security = scheme == "smtps" ? .required : .offered
        var authorities: String?
        for item in parts.queryItems ?? [] {
            switch (item.name, item.value) {
            case ("tls", "required"): break
            case ("ca-file", let path?) where path.hasPrefix("/"):
                guard FileManager.default.isReadableFile(atPath: path) else { throw BadAddress(description: "relay \(host): the file \(path) of its certificate authorities can't be read") }
                authorities = path
            default: throw BadAddress(description: fault)
            }
            security = .required
        }
        let address = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
        description = address + (security == .required && scheme == "smtp" ? "?tls=required" : "")
        curlReady
        // A few lines, so that a recipient whose server is slow to answer holds up only a part of the others.
        lines = (0..<4).map { _ in RelayLine(url: address, security: security, authorities: authorities, user: parts.user, password: parts.password) }
    }

    /// Hands one message to one recipient.
    /// - Parameter from: the reverse path, "" for the null path.
    package func send(from: String, to: String, message: [UInt8]) async -> SendResult {
        guard !to.isEmpty, (from + to).unicodeScalars.allSatisfy({ $0.value > 32 && $0 != "<" && $0 != ">" && $0.value != 127 }) else {
            return .failed(code: 501, text: "not an address")
        }
        return await lines[turn.next(of: lines.count)].send(from: from, to: to, message: message)
    }
}

private let curlReady: Void = { _ = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()

private final class Turn: Sendable {
    private let count = Atomic(0)
    func next(of lines: Int) -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue % lines }
}

/// One connection to the relay, kept open between messages. libcurl blocks, so it works on a queue of its own.
///
/// `@unchecked Sendable`: the handle is touched on `queue` alone.
private final class RelayLine: @unchecked Sendable {
    private let queue = DispatchQueue(label: "abide.relay")
    private let url: String
    private let security: Relay.Security
    private let authorities: String?
    private let user: String?
    private let password: String?
    private var handle: UnsafeMutableRawPointer?

    init(url: String, security: Relay.Security, authorities: String?, user: String?, password: String?) {
        self.url = url
        self.security = security
        self.authorities = authorities
        self.user = user
        self.password = password
    }

    deinit { if let handle { curl_easy_cleanup(handle) } }

    func send(from: String, to: String, message: [UInt8]) async -> SendResult {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.perform(from, to, message)) }
        }
    }

    private func perform(_ from: String, _ to: String, _ message: [UInt8]) -> SendResult {
        guard let handle = handle ?? curl_easy_init() else { return .tryAgain(code: 0, text: "libcurl could not start") }
        self.handle = handle
        // Forgets the options of the last message, keeps its connection.
        curl_easy_reset(handle)
        prepare(handle)
        let recipients = curl_slist_append(nil, to)
        defer { curl_slist_free_all(recipients) }
        let transfer = Transfer(message)
        return withExtendedLifetime(transfer) {
            let context = Unmanaged.passUnretained(transfer).toOpaque()
            _ = abide_curl_set_string(handle, CURLOPT_MAIL_FROM, from)
            _ = abide_curl_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients)
            _ = abide_curl_set_pointer(handle, CURLOPT_READDATA, context)
            _ = abide_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
            _ = abide_curl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(message.count))
            _ = abide_curl_set_transfer(handle, CURLOPT_READFUNCTION) { buffer, size, count, context in
                guard let buffer, let context else { return 0 }
                return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().read(into: buffer, size * count)
            }
            _ = abide_curl_set_transfer(handle, CURLOPT_HEADERFUNCTION) { buffer, size, count, context in
                guard let buffer, let context else { return 0 }
                Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().heard(UnsafeRawBufferPointer(start: buffer, count: size * count))
                return size * count
            }
            return result(of: curl_easy_perform(handle), transfer, handle)
        }
    }

    private func prepare(_ handle: UnsafeMutableRawPointer) {
        _ = abide_curl_set_string(handle, CURLOPT_URL, url)
        _ = abide_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        // A proxy from the environment is meant for the web.
        _ = abide_curl_set_string(handle, CURLOPT_PROXY, "")
        _ = abide_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = abide_curl_set_long(handle, CURLOPT_UPLOAD, 1)
        _ = abide_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, 15)
        _ = abide_curl_set_long(handle, CURLOPT_TIMEOUT, 120)
        _ = abide_curl_set_long(handle, CURLOPT_SSLVERSION, 6 /* CURL_SSLVERSION_TLSv1_2 */)
        let verified = security == .required
        _ = abide_curl_set_long(handle, CURLOPT_USE_SSL, verified ? 3 /* CURLUSESSL_ALL */ : 1 /* CURLUSESSL_TRY */)
        _ = abide_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, verified ? 1 : 0)
        _ = abide_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, verified ? 2 : 0)
        if let authorities { _ = abide_curl_set_string(handle, CURLOPT_CAINFO, authorities) }
        if let user { _ = abide_curl_set_string(handle, CURLOPT_USERNAME, user) }
        if let password { _ = abide_curl_set_string(handle, CURLOPT_PASSWORD, password) }
    }

    private func result(of outcome: CURLcode, _ transfer: Transfer, _ handle: UnsafeMutableRawPointer) -> SendResult {
        if outcome == CURLE_OK { return .sent }
        var code = 0
        _ = abide_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &code)
        // The code is an answer to this message only where libcurl gave up over an answer: to MAIL, RCPT and DATA, or after the data.
        let answered = outcome == CURLE_SEND_ERROR || (outcome == CURLE_WEIRD_SERVER_REPLY && transfer.started)
        let text = transfer.refusal.isEmpty || code < 400 ? String(cString: curl_easy_strerror(outcome)) : transfer.refusal
        guard answered, code >= 400 else { return .tryAgain(code: code >= 400 ? code : 0, text: text) }
        // 530 and 535 are about us and not about the message.
        return code >= 500 && code != 530 && code != 535 ? .failed(code: code, text: text) : .tryAgain(code: code, text: text)
    }
}

/// The message on its way out and the last refusal that came back.
private final class Transfer {
    private let message: [UInt8]
    private var position = 0
    private(set) var started = false
    private(set) var refusal = ""

    init(_ message: [UInt8]) { self.message = message }

    func read(into buffer: UnsafeMutablePointer<CChar>, _ room: Int) -> Int {
        started = true
        let count = min(room, message.count - position)
        message.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(start: buffer, count: room).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]))
        }
        position += count
        return count
    }

    func heard(_ line: UnsafeRawBufferPointer) {
        // libcurl says QUIT after a refusal; what is answered to that is no reason.
        guard let first = line.first, first == UInt8(ascii: "4") || first == UInt8(ascii: "5") else { return }
        refusal = String(OneLine.of(String(decoding: line.prefix(1_000), as: UTF8.self)).prefix(300))
    }
}
