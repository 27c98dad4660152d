package import AbideCore
import Crypto

/// What the parts of a message come to: the pieces of its body in their order, and everything else as attachments.
struct MailBody {
    private static let textBound = 2_097_152

    /// A stretch of the body as plain text, as HTML, or as both where they say the same.
    struct Piece {
        var text: String?
        var html: String?
    }

    private(set) var pieces: [Piece] = []
    private(set) var attachments: [IncomingMail.Attachment] = []

    private let raw: [UInt8]

    init(_ message: MimeEntity, raw: [UInt8]) {
        self.raw = raw
        collect(message, top: true, root: true)
    }

    /// - Parameter root: the part may be (a piece of) the body.
    private mutating func collect(_ part: MimeEntity, top: Bool = false, root: Bool) {
        if part.isMultipart {
            switch part.type.value {
            case "multipart/alternative":
                let before = pieces
                pieces = []
                var seenText = false, seenHTML = false
                for child in part.children {
                    let type = child.firstLeafType
                    let isBody = root && (child.isMultipart || (type == "text/plain" && !seenText) || (type == "text/html" && !seenHTML))
                    if type == "text/plain" { seenText = true }
                    if type == "text/html" { seenHTML = true }
                    collect(child, root: isBody)
                }
                let texts = pieces.compactMap(\.text), htmls = pieces.compactMap(\.html)
                let merged = Piece(text: texts.isEmpty ? nil : texts.joined(separator: "\n"), html: htmls.isEmpty ? nil : htmls.joined(separator: "\n"))
                pieces = before + (pieces.isEmpty ? [] : [merged])
            case "multipart/related":
                let start = part.type["start"]
                let rootIndex = part.children.firstIndex { start != nil && $0.contentID == Self.bare(start ?? "") } ?? 0
                for (index, child) in part.children.enumerated() {
                    if index == rootIndex { collect(child, root: root) } else { attach(all: child, inline: true) }
                }
            case "multipart/report", "multipart/signed":
                for (index, child) in part.children.enumerated() { collect(child, root: root && index == 0) }
            default:
                for child in part.children { collect(child, root: root) }
            }
            return
        }
        let type = part.type.value
        let isText = type == "text/plain" || type == "text/html" || (top && type.hasPrefix("text/"))
        let named = part.disposition?["filename"] ?? part.type["name"]
        if root, isText, part.disposition?.value != "attachment", named == nil || top || (pieces.isEmpty && attachments.isEmpty) {
            let content = string(part)
            pieces.append(type == "text/html" ? Piece(html: content) : Piece(text: plain(content, part)))
        } else if type.hasPrefix("multipart/"), root {
            // Announced as a multipart and nothing in it can be found: what is there is shown as text.
            pieces.append(Piece(text: PlainText.normalised(string(part))))
        } else {
            attach(part, inline: false)
        }
    }

    private mutating func attach(all part: MimeEntity, inline: Bool) {
        if part.isMultipart {
            for child in part.children { attach(all: child, inline: inline) }
        } else {
            attach(part, inline: inline)
        }
    }

    private mutating func attach(_ part: MimeEntity, inline: Bool) {
        let type = OneLine.of(part.type.value)
        let content = GMimeValues.decode(raw[part.body], encoding: part.encoding)
        let disposition = part.disposition?.value
        var name = FileName.of(part.disposition?["filename"] ?? part.type["name"] ?? "")
        if name.isEmpty {
            if type == "message/rfc822" {
                let subject = FileName.of(EncodedWords.text(MimeEntity(Array(content.prefix(MimeEntity.Bound.header))).first("subject") ?? ""))
                name = (subject.isEmpty ? "message" : subject) + ".eml"
            } else {
                name = FileName.standard(for: type)
            }
        }
        attachments.append(IncomingMail.Attachment(
            name: name, type: type, content: content,
            inline: disposition == "inline" || (inline && disposition != "attachment"), contentID: part.contentID))
        if type == "application/ms-tnef" || type == "application/vnd.ms-tnef" || name.lowercased() == "winmail.dat" { open(content) }
    }

    /// What Outlook hid in a winmail.dat stands beside it.
    private mutating func open(_ content: [UInt8]) {
        guard let tnef = TNEF(content) else { return }
        for file in tnef.files {
            let name = FileName.of(file.name)
            attachments.append(IncomingMail.Attachment(
                name: name.isEmpty ? "attachment" : name, type: file.type.isEmpty ? FileName.type(of: name) : OneLine.of(file.type), content: file.content, inline: file.contentID != nil,
                contentID: file.contentID.map { Self.bare(OneLine.of($0)) }))
        }
        guard pieces.allSatisfy({ ($0.text ?? $0.html ?? "").allSatisfy(\.isWhitespace) }), tnef.text != nil || tnef.html != nil else { return }
        pieces = [Piece(text: tnef.text.map { PlainText.normalised($0) }, html: tnef.html)]
    }

    private func string(_ part: MimeEntity) -> String {
        let bytes = GMimeValues.decode(raw[part.body], encoding: part.encoding)
        return GMimeValues.string(bytes.count > Self.textBound ? Array(bytes.prefix(Self.textBound)) : bytes, charset: part.type["charset"])
    }

    private func plain(_ content: String, _ part: MimeEntity) -> String {
        guard part.type["format"]?.lowercased() == "flowed" else { return PlainText.normalised(content) }
        return PlainText.unflowed(PlainText.lines(content), deleteSpace: part.type["delsp"]?.lowercased() == "yes").joined(separator: "\n")
    }

    fileprivate static func bare(_ id: String) -> String { id.trimming { $0 == "<" || $0 == ">" || $0 == " " } }
}

extension MimeEntity {
    fileprivate var firstLeafType: String { children.first?.firstLeafType ?? type.value }

    fileprivate var contentID: String? {
        guard let value = first("content-id") else { return nil }
        let id = MailBody.bare(OneLine.of(value))
        return id.isEmpty ? nil : id
    }
}

extension IncomingMail.Attachment {
    /// Of the decoded bytes, in lower-case hexadecimal digits.
    package var sha256: String { SHA256.hash(data: content).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}

/// Names of attachments: the last path component, without what could hide or turn round its ending. Never used as a path.
enum FileName {
    static func of(_ name: String) -> String {
        var name = OneLine.of(name)
        name.unicodeScalars.removeAll { (0x200B...0x200D).contains($0.value) || $0.value == 0x2060 || $0.value == 0xAD }
        name = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        name = name.trimming { $0 == " " }
        return name == "." || name == ".." ? "" : shortened(name)
    }

    static func standard(for type: String) -> String {
        let endings = [
            "image/png": "image.png", "image/jpeg": "image.jpg", "image/gif": "image.gif", "image/svg+xml": "image.svg", "application/pdf": "document.pdf",
            "text/plain": "text.txt", "text/html": "text.html", "text/calendar": "invitation.ics", "message/delivery-status": "delivery-status.txt",
            "text/rfc822-headers": "headers.txt", "application/pgp-signature": "signature.asc", "application/pgp-encrypted": "version.asc", "application/pkcs7-mime": "smime.p7m",
            "application/x-pkcs7-mime": "smime.p7m", "application/pkcs7-signature": "smime.p7s", "application/x-pkcs7-signature": "smime.p7s", "application/zip": "archive.zip",
        ]
        return endings[type] ?? "attachment"
    }

    /// By the ending, for what comes without a type.
    static func type(of name: String) -> String {
        let types = [
            "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "txt": "text/plain", "csv": "text/csv", "htm": "text/html", "html": "text/html", "zip": "application/zip",
            "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint", "rtf": "application/rtf", "ics": "text/calendar", "vcf": "text/vcard", "eml": "message/rfc822",
            "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ]
        return name.split(separator: ".").last.flatMap { types[$0.lowercased()] } ?? "application/octet-stream"
    }

    private static func shortened(_ name: String) -> String {
        guard name.count > 150 else { return name }
        let ending = name.lastIndex(of: ".").map { name[$0...] }.flatMap { $0.count <= 12 ? $0 : nil } ?? ""
        return String(name.prefix(150 - ending.count)) + ending
    }
}
