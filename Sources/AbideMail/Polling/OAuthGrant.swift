package import AbideCore
import CCurl
import Dispatch
import Foundation

/// Trades a refresh token for a bearer token (RFC 6749 6), as Microsoft 365 and Google ask for.
enum OAuthGrant {
    /// What the provider answered; the grant is there where it gave another refresh token.
    struct Answer: Sendable {
        var token: String
        var seconds: Int64
        var renewed: MailboxGrant?
    }

    private struct Said: Decodable {
        var access_token: String?
        var expires_in: Int64?
        var refresh_token: String?
        var error: String?
        var error_description: String?
    }

    private static let queue = DispatchQueue(label: "abide.oauth", attributes: .concurrent)

    /// - Parameter authority: a certificate authority of one's own, in PEM.
    static func ask(_ grant: MailboxGrant, authority: String?) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try blocking(grant, authority) }) }
        }
    }

    private final class Heard { var bytes: [UInt8] = [] }

    private static func blocking(_ grant: MailboxGrant, _ authority: String?) throws -> Answer {
        guard let handle = curl_easy_init() else { throw IMAPMailbox.Fault("libcurl could not start") }
        defer { curl_easy_cleanup(handle) }
        var fields = [("grant_type", "refresh_token"), ("client_id", grant.client), ("refresh_token", grant.refreshToken)]
        if !grant.clientSecret.isEmpty { fields.append(("client_secret", grant.clientSecret)) }
        let body = fields.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&")
        _ = abide_curl_set_string(handle, CURLOPT_URL, grant.endpoint)
        _ = abide_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        _ = abide_curl_set_string(handle, CURLOPT_PROXY, "")
        _ = abide_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = abide_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
        _ = abide_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, 15)
        _ = abide_curl_set_long(handle, CURLOPT_TIMEOUT, 30)
        _ = abide_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
        _ = abide_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
        if let authority { _ = abide_curl_set_bytes(handle, CURLOPT_CAINFO_BLOB, authority, authority.utf8.count) }
        _ = abide_curl_set_string(handle, CURLOPT_COPYPOSTFIELDS, body)
        let heard = Heard()
        let outcome = withExtendedLifetime(heard) {
            _ = abide_curl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(heard).toOpaque())
            _ = abide_curl_set_transfer(handle, CURLOPT_WRITEFUNCTION) { buffer, size, count, context in
                guard let buffer, let context else { return 0 }
                let heard = Unmanaged<Heard>.fromOpaque(context).takeUnretainedValue()
                guard heard.bytes.count + size * count <= 1_000_000 else { return 0 }
                heard.bytes.append(contentsOf: UnsafeRawBufferPointer(start: buffer, count: size * count))
                return size * count
            }
            return curl_easy_perform(handle)
        }
        let place = URLComponents(string: grant.endpoint)?.host ?? ""
        guard outcome == CURLE_OK else { throw IMAPMailbox.Fault("\(place) gives no token: \(String(cString: curl_easy_strerror(outcome)))") }
        let said = try? JSONDecoder().decode(Said.self, from: Data(heard.bytes))
        guard let said, let token = said.access_token, !token.isEmpty else {
            throw IMAPMailbox.Fault("\(place) gives no token: " + OneLine.of(String((said?.error_description ?? said?.error ?? "its answer can't be read").prefix(200))))
        }
        var renewed: MailboxGrant?
        if let fresh = said.refresh_token, !fresh.isEmpty, fresh != grant.refreshToken {
            renewed = grant
            renewed?.refreshToken = fresh
        }
        return Answer(token: token, seconds: said.expires_in ?? 300, renewed: renewed)
    }

    /// A value of a form (WHATWG URL 5.2), with everything but letters, figures and four marks as `%XX`.
    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")) ?? ""
    }
}
