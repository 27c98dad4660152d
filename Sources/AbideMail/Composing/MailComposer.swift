package import AbideCore
import CGMime
import Crypto

/// Writes outgoing messages as bytes: one recipient, CRLF, 7-bit text with lines of at most 998 bytes.
package enum MailComposer {
    private static let ready: Void = g_mime_init()
    /// Fields that are written from the value itself and can't come from `headers`.
    private static let reserved: Set<String> = [
        "from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "auto-submitted", "mime-version", "received",
        "return-path", "content-type", "content-transfer-encoding", "content-disposition",
    ]

    /// The message as it goes over the wire. Nothing in a name, subject or header value can add a field or a recipient (S13): what
    /// could is taken out.
    package static func compose(_ mail: OutgoingMail) -> [UInt8] {
        _ = ready
        guard let message = g_mime_message_new(0) else { return [] }
        defer { g_object_unref(message) }
        let object = cast(message, to: GMimeObject.self)
        add(mail.from, as: GMIME_ADDRESS_TYPE_FROM, to: message)
        if let replyTo = mail.replyTo { add(replyTo, as: GMIME_ADDRESS_TYPE_REPLY_TO, to: message) }
        add(mail.to, as: GMIME_ADDRESS_TYPE_TO, to: message)
        g_mime_message_set_subject(message, OneLine.of(mail.subject), "UTF-8")
        if let date = g_date_time_new_from_unix_utc(gint64(mail.date.seconds)) {
            g_mime_message_set_date(message, date)
            g_date_time_unref(date)
        }
        g_mime_message_set_message_id(message, identifier(mail.messageID))
        if let id = mail.inReplyTo.map({ identifier($0) }), !id.isEmpty { set("In-Reply-To", "<\(id)>", on: object) }
        let references = mail.references.map { identifier($0) }.filter { !$0.isEmpty }
        if !references.isEmpty { set("References", references.suffix(50).map { "<\($0)>" }.joined(separator: " "), on: object) }
        if let autoSubmitted = mail.autoSubmitted { set("Auto-Submitted", OneLine.of(autoSubmitted), on: object) }
        for (name, value) in mail.headers.sorted(by: { $0.key < $1.key }) where isFieldName(name) && !reserved.contains(name.lowercased()) {
            set(name, OneLine.of(value), on: object)
        }
        let body = body(of: mail)
        g_mime_message_set_mime_part(message, body)
        g_object_unref(body)
        return written(object)
    }

    // MARK: Header

    private static func add(_ address: MailAddress, as kind: GMimeAddressType, to message: UnsafeMutablePointer<GMimeMessage>) {
        let bare = OneLine.of(address.address).filter { !" <>,;:()[]\"\\\t".contains($0) }
        g_mime_message_add_mailbox(message, kind, OneLine.of(address.name), bare)
    }

    /// A Message-ID without brackets, cut down to what may stand between them.
    private static func identifier(_ id: String) -> String {
        let bare = String(String.UnicodeScalarView(id.unicodeScalars.filter { (33...126).contains($0.value) && $0 != "<" && $0 != ">" }))
        return bare.utf8.count <= 900 ? bare : ""
    }

    private static func isFieldName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 70 && name.utf8.allSatisfy { (33...126).contains($0) && $0 != 58 }
    }

    private static func set(_ name: String, _ value: String, on object: UnsafeMutablePointer<GMimeObject>) {
        g_mime_object_set_header(object, name, value, "UTF-8")
    }

    // MARK: Body

    private static func body(of mail: OutgoingMail) -> UnsafeMutablePointer<GMimeObject>? {
        let words = mail.html.map { multipart("alternative", mail, [part("plain", mail.text), part("html", $0)]) } ?? part("plain", mail.text)
        return mail.calendar.map { multipart("mixed", mail, [words, calendar($0)]) } ?? words
    }

    private static func multipart(_ subtype: String, _ mail: OutgoingMail, _ pieces: [UnsafeMutablePointer<GMimeObject>?]) -> UnsafeMutablePointer<GMimeObject>? {
        guard let multipart = g_mime_multipart_new_with_subtype(subtype) else { return nil }
        // "=_" never stands in quoted-printable text, and 7-bit text that has it is sent as quoted-printable.
        let mark = SHA256.hash(data: Array("\(subtype) \(mail.messageID)".utf8)).prefix(12).map { String($0, radix: 16) }.joined()
        g_mime_multipart_set_boundary(multipart, "=_\(mark)")
        for piece in pieces {
            g_mime_multipart_add(multipart, piece)
            g_object_unref(piece)
        }
        return cast(multipart, to: GMimeObject.self)
    }

    /// A calendar's file, opened by a click in every mail program (RFC 6047 2.4 names the method beside the type).
    private static func calendar(_ text: String) -> UnsafeMutablePointer<GMimeObject>? {
        guard let object = part("calendar", text) else { return nil }
        let method = text.contains("METHOD:CANCEL") ? "CANCEL" : "PUBLISH"
        g_mime_object_set_content_type_parameter(object, "method", method)
        g_mime_object_set_disposition(object, "attachment")
        g_mime_part_set_filename(cast(object, to: GMimePart.self), "calendar.ics")
        return object
    }

    private static func part(_ subtype: String, _ content: String) -> UnsafeMutablePointer<GMimeObject>? {
        guard let part = g_mime_text_part_new_with_subtype(subtype) else { return nil }
        g_mime_text_part_set_charset(part, "utf-8")
        var text = PlainText.lines(content).joined(separator: "\n")
        text += "\n"
        g_mime_text_part_set_text(part, text)
        let plain = text.utf8.allSatisfy { $0 < 128 } && !text.contains("=_") && text.split(separator: "\n").allSatisfy { $0.utf8.count <= 990 }
        g_mime_part_set_content_encoding(cast(part, to: GMimePart.self), plain ? GMIME_CONTENT_ENCODING_7BIT : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
        return cast(part, to: GMimeObject.self)
    }

    // MARK: Bytes

    private static func written(_ object: UnsafeMutablePointer<GMimeObject>) -> [UInt8] {
        let options = g_mime_format_options_new()
        defer { g_mime_format_options_free(options) }
        g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_UNIX)
        guard let stream = g_mime_stream_mem_new() else { return [] }
        defer { g_object_unref(stream) }
        _ = g_mime_object_write_to_stream(object, options, stream)
        guard let array = g_mime_stream_mem_get_byte_array(cast(stream, to: GMimeStreamMem.self)), let data = array.pointee.data else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(array.pointee.len) * 21 / 20)
        for byte in UnsafeBufferPointer(start: data, count: Int(array.pointee.len)) where byte != CR {
            if byte == LF { bytes.append(CR) }
            bytes.append(byte)
        }
        return bytes
    }

    private static func cast<To>(_ pointer: UnsafeMutablePointer<some Any>, to type: To.Type) -> UnsafeMutablePointer<To> {
        UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: type)
    }
}
