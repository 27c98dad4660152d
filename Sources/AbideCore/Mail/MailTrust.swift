/// Whose word about a sender counts: the mail server in front of the desk, if there is one (R4).
package struct MailTrust: Sendable, Hashable {
    /// The `authserv-id` of its Authentication-Results (RFC 8601); nil: no server's word counts, and nothing is "pass".
    package var authority: String?
    /// Addresses from which it hands in mail; others' fields are as good as none.
    package var relays: Set<String>
    /// The field by which it calls mail junk, lower-cased, and how its value begins then.
    package var junkField: String?
    package var junkValue: String

    package init(authority: String? = nil, relays: Set<String> = [], junkField: String? = nil, junkValue: String = "yes") {
        self.authority = authority?.lowercased()
        self.relays = relays
        self.junkField = junkField?.lowercased()
        self.junkValue = junkValue.lowercased()
    }

    /// What is known of a sender.
    package enum Verdict: String, Sendable, Hashable {
        /// Nobody has looked whom we believe.
        case none
        /// The domain in `From` answers for the message.
        case pass
        case fail
    }

    /// Whether the sender's domain answers for the message: DMARC, or a DKIM signature of the very domain.
    /// - Parameter trusted: the message came from the trusted server itself.
    package func verdict(_ mail: IncomingMail, trusted: Bool) -> Verdict {
        guard let authority, trusted, mail.from.count == 1, let domain = mail.from.first?.address.split(separator: "@").last?.lowercased() else { return .none }
        // The topmost fields with its name; the first of another's ends them (what stands below came with the message).
        var results: [(method: String, result: String, properties: [String: String])] = []
        for value in mail.traceFields.filter({ $0.name == "authentication-results" }).map(\.value) {
            guard let parsed = AuthenticationResults(value), parsed.authority == authority else { break }
            results += parsed.results
        }
        let dmarc = results.filter { $0.method == "dmarc" }
        if let first = dmarc.first(where: { Self.domain($0.properties["header.from"]) ?? domain == domain }) { return first.result == "pass" ? .pass : first.result == "fail" ? .fail : .none }
        if results.contains(where: { $0.method == "dkim" && $0.result == "pass" && Self.domain($0.properties["header.d"] ?? $0.properties["header.i"]) == domain }) { return .pass }
        return results.contains { ["dkim", "spf"].contains($0.method) && $0.result == "fail" } ? .fail : .none
    }

    /// Whether the trusted server calls it junk.
    package func isJunk(_ mail: IncomingMail, trusted: Bool) -> Bool {
        guard trusted, let junkField else { return false }
        return mail.traceFields.first { $0.name == junkField }?.value.lowercased().hasPrefix(junkValue) ?? false
    }

    private static func domain(_ value: String?) -> String? { value?.split(separator: "@").last?.lowercased() }
}

/// One Authentication-Results field (RFC 8601 2.2).
struct AuthenticationResults {
    let authority: String
    private(set) var results: [(method: String, result: String, properties: [String: String])] = []

    init?(_ value: String) {
        let parts = Self.withoutComments(value).split(separator: ";", maxSplits: 60)
        guard let first = parts.first?.split(separator: " ").first else { return nil }
        authority = first.lowercased()
        for part in parts.dropFirst() {
            let words = part.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard let head = words.first, let equals = head.firstIndex(of: "=") else { continue }
            var properties: [String: String] = [:]
            for word in words.dropFirst() {
                guard let equals = word.firstIndex(of: "=") else { continue }
                properties[word[..<equals].lowercased()] = word[word.index(after: equals)...].filter { $0 != "\"" }
            }
            // `dkim/1=pass`
            results.append((head[..<equals].prefix { $0 != "/" }.lowercased(), head[head.index(after: equals)...].lowercased(), properties))
        }
    }

    private static func withoutComments(_ value: String) -> String {
        var result = ""
        var depth = 0
        for character in value.prefix(4_000) {
            if character == "(" { depth += 1 } else if character == ")", depth > 0 { depth -= 1 } else if depth == 0 { result.append(character) }
        }
        return result
    }
}
