/// The way into a mailbox that is read by IMAP.
package struct MailboxAccess: Sendable, Hashable {
    /// What signs in.
    package enum Secret: Sendable, Hashable {
        case password(String)
        /// OAuth 2: a grant that is traded for a token at each need (RFC 6749 6).
        case grant(MailboxGrant)
    }

    package var host: String
    /// nil: the usual one.
    package var port: Int?
    /// True: encrypted from the first byte; false: by STARTTLS, without which nothing is said.
    package var isWrapped: Bool
    package var user: String
    package var folder: String
    /// Where what was taken over goes; nil: it is marked as seen.
    package var move: String?
    /// A certificate authority of one's own, in PEM; nil: the system's.
    package var authority: String?
    package var secret: Secret

    package init(host: String, port: Int? = nil, isWrapped: Bool = true, user: String, folder: String = "INBOX", move: String? = nil, authority: String? = nil, secret: Secret) {
        self.host = host
        self.port = port
        self.isWrapped = isWrapped
        self.user = user
        self.folder = folder
        self.move = move
        self.authority = authority
        self.secret = secret
    }

    /// `imaps://user@host/INBOX`: how it is named everywhere, without any secret.
    package var address: String { Self.address(host: host, port: port, isWrapped: isWrapped, user: user, folder: folder) }

    package static func address(host: String, port: Int?, isWrapped: Bool, user: String, folder: String) -> String {
        "\(isWrapped ? "imaps" : "imap")://\(user)@\(host)\(port.map { ":\($0)" } ?? "")/\(folder)"
    }
}

/// What a provider of mail gave the desk once, so that it can ask for tokens by itself.
package struct MailboxGrant: Sendable, Hashable, Codable {
    /// Where tokens are asked for.
    package var endpoint: String
    package var client: String
    /// Empty for clients without one.
    package var clientSecret: String
    package var refreshToken: String

    package init(endpoint: String, client: String, clientSecret: String, refreshToken: String) {
        self.endpoint = endpoint
        self.client = client
        self.clientSecret = clientSecret
        self.refreshToken = refreshToken
    }
}

/// What a trial look found.
package struct MailboxFound: Sendable, Hashable {
    package var messages: Int
    package var unseen: Int

    package init(messages: Int, unseen: Int) {
        self.messages = messages
        self.unseen = unseen
    }
}
