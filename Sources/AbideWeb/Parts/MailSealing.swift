import AbideCore
import AbideDesk

/// A mail that was signed or encrypted by its sender (RFC 8551, RFC 3156): said as what it is, since the desk checks no signature and opens no seal.
enum MailSealing: Sendable {
    case signedSMIME, sealedSMIME, signedPGP, encryptedPGP

    /// - Parameters:
    ///   - files: type and name of what came with the mail.
    ///   - readable: it has words beside them.
    init?(of files: [(type: String, name: String)], readable: Bool) {
        let types = Set(files.map { $0.type.lowercased() })
        if types.contains("application/pgp-encrypted") { self = .encryptedPGP }
        else if !types.isDisjoint(with: ["application/pkcs7-mime", "application/x-pkcs7-mime"]), !readable { self = .sealedSMIME }
        else if !types.isDisjoint(with: ["application/pkcs7-signature", "application/x-pkcs7-signature", "application/pkcs7-mime", "application/x-pkcs7-mime"]) { self = .signedSMIME }
        else if types.contains("application/pgp-signature") { self = .signedPGP }
        else { return nil }
    }

    var words: String {
        switch self {
        case .signedSMIME: say("Signed with S/MIME. The signature stands beside it and was not checked.")
        case .sealedSMIME: say("Encrypted, or signed in one piece, with S/MIME: what it says is in the file, which can't be opened here.")
        case .signedPGP: say("Signed with PGP. The signature stands beside it and was not checked.")
        case .encryptedPGP: say("Encrypted with PGP: what it says is in the file, which can't be opened here.")
        }
    }
}
