/// One command line, without its CRLF (RFC 5321 4.1.1), or what is wrong with it.
enum SMTPCommand: Equatable {
    enum Hello: Equatable { case helo, ehlo, lhlo }

    case hello(Hello, domain: String)
    case mail(path: String, size: Int?, utf8: Bool)
    case rcpt(path: String)
    case data, rset, noop, verify, help, quit, startTLS
    /// Another protocol's first word: a browser that was led here (its further lines may be commands).
    case foreign
    case fault(code: Int, enhanced: String, text: String)

    static func parse(_ line: [UInt8]) -> SMTPCommand {
        guard let line = String(validating: line, as: UTF8.self), !line.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\t" || $0.value == 127 })
        else { return .fault(code: 500, enhanced: "5.5.2", text: "Control characters or broken UTF-8 in a command") }
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let verb = parts[0].uppercased()
        let rest = parts.count > 1 ? trimmed(parts[1]) : ""
        switch verb {
        case "HELO": return hello(.helo, rest)
        case "EHLO": return hello(.ehlo, rest)
        case "LHLO": return hello(.lhlo, rest)
        case "MAIL": return mail(rest)
        case "RCPT": return rcpt(rest)
        case "DATA": return rest.isEmpty ? .data : noArgument("DATA")
        case "RSET": return rest.isEmpty ? .rset : noArgument("RSET")
        case "QUIT": return rest.isEmpty ? .quit : noArgument("QUIT")
        case "STARTTLS": return rest.isEmpty ? .startTLS : noArgument("STARTTLS")
        case "NOOP": return .noop
        case "HELP": return .help
        case "VRFY": return rest.isEmpty ? .fault(code: 501, enhanced: "5.5.4", text: "VRFY needs an address") : .verify
        case "EXPN", "TURN", "AUTH", "BDAT", "ETRN": return .fault(code: 502, enhanced: "5.5.1", text: "\(verb) is not offered here")
        case "GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "PATCH", "DELETE": return .foreign
        default: return .fault(code: 500, enhanced: "5.5.1", text: "Command not known; HELP lists the commands")
        }
    }

    private static func noArgument(_ verb: String) -> SMTPCommand {
        .fault(code: 501, enhanced: "5.5.4", text: "\(verb) takes no argument")
    }

    private static func hello(_ kind: Hello, _ domain: String) -> SMTPCommand {
        guard !domain.isEmpty, domain.utf8.count <= 255, !domain.contains(" ") else {
            return .fault(code: 501, enhanced: "5.5.4", text: "Say who you are: one domain name or address literal")
        }
        return .hello(kind, domain: domain)
    }

    private static func mail(_ rest: String) -> SMTPCommand {
        guard let (path, parameters) = path(rest, after: "FROM:") else {
            return .fault(code: 501, enhanced: "5.1.7", text: "Write MAIL FROM:<address>")
        }
        var size: Int?
        var utf8 = false
        for parameter in parameters {
            let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count > 1 ? pair[1].uppercased() : nil
            switch (pair[0].uppercased(), value) {
            case ("SIZE", let value?) where !value.isEmpty && value.utf8.count <= 20 && value.utf8.allSatisfy({ (48...57).contains($0) }):
                // Twenty digits may be more than an Int holds: surely too large.
                size = Int(value) ?? Int.max
            case ("BODY", "7BIT"?), ("BODY", "8BITMIME"?): break
            case ("SMTPUTF8", nil): utf8 = true
            case ("SIZE", _), ("BODY", _), ("SMTPUTF8", _):
                return .fault(code: 501, enhanced: "5.5.4", text: "Bad value of a MAIL parameter")
            default: return .fault(code: 555, enhanced: "5.5.4", text: "MAIL parameter not offered")
            }
        }
        guard path.isEmpty || isAddress(path) else { return .fault(code: 501, enhanced: "5.1.7", text: "Not a sender address") }
        guard utf8 || path.utf8.allSatisfy({ $0 < 128 }) else { return .fault(code: 553, enhanced: "5.6.7", text: "This address needs SMTPUTF8") }
        return .mail(path: path, size: size, utf8: utf8)
    }

    private static func rcpt(_ rest: String) -> SMTPCommand {
        guard let (path, parameters) = path(rest, after: "TO:") else {
            return .fault(code: 501, enhanced: "5.1.3", text: "Write RCPT TO:<address>")
        }
        guard parameters.isEmpty else { return .fault(code: 555, enhanced: "5.5.4", text: "RCPT parameter not offered") }
        guard isAddress(path) || path.lowercased() == "postmaster" else {
            return .fault(code: 501, enhanced: "5.1.3", text: "Not a recipient address")
        }
        return .rcpt(path: path)
    }

    /// The path between angle brackets, without a source route, and the parameters behind it.
    private static func path(_ rest: String, after keyword: String) -> (String, [Substring])? {
        guard rest.prefix(keyword.count).uppercased() == keyword else { return nil }
        let rest = trimmed(rest.dropFirst(keyword.count))
        guard rest.first == "<" else { return nil }
        var quoted = false, escaped = false
        var index = rest.index(after: rest.startIndex)
        while index < rest.endIndex {
            let character = rest[index]
            if escaped { escaped = false }
            else if quoted, character == "\\" { escaped = true }
            else if character == "\"" { quoted.toggle() }
            else if character == ">", !quoted { break }
            index = rest.index(after: index)
        }
        guard index < rest.endIndex else { return nil }
        var path = rest[rest.index(after: rest.startIndex)..<index]
        let tail = rest[rest.index(after: index)...]
        guard tail.isEmpty || tail.first == " " else { return nil }
        if path.first == "@" {
            guard let colon = path.firstIndex(of: ":") else { return nil }
            path = path[path.index(after: colon)...]
        }
        return (String(path), tail.split(separator: " "))
    }

    /// Whether a path is `local@domain` with nothing in it that an address can't hold. Not more: whether the mailbox exists is asked apart.
    private static func isAddress(_ path: String) -> Bool {
        guard path.utf8.count <= 320, let at = path.lastIndex(of: "@") else { return false }
        let local = path[..<at]
        let domain = path[path.index(after: at)...]
        guard !local.isEmpty, !domain.isEmpty else { return false }
        if local.first == "\"" {
            guard local.count > 2, local.last == "\"" else { return false }
        } else if local.contains(where: { " \t\"(),:;<>@[\\]".contains($0) }) {
            return false
        }
        return !domain.contains(where: { " \t\"(),;<>@\\".contains($0) })
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
