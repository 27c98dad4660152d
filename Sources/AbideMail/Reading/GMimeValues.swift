import AbideCore
import CGMime

/// GMime's readings of single values: parameters, dates, encodings, charsets. Each gets a bounded input and gives Swift values.
enum GMimeValues {
    private static let ready: Void = g_mime_init()

    struct Parameterised: Equatable {
        /// `text/plain`, or `attachment`; lower-cased.
        var value: String
        fileprivate var parameters: [String: String]
        static let plain = Parameterised(value: "text/plain", parameters: [:])
        subscript(name: String) -> String? { parameters[name] }
    }

    static func contentType(_ value: String) -> Parameterised { plainContentType(value) ?? libraryContentType(value) }

    /// The form of nearly every mail, `type/subtype; name=token; name="words"`, read without the library's objects, which take ten times as long.
    /// nil for anything else. That both read the same is tested.
    static func plainContentType(_ value: String) -> Parameterised? {
        var value = value
        return value.withUTF8 { bytes -> Parameterised? in
            var at = 0
            func isToken(_ byte: UInt8) -> Bool { Bytes.isLetter(byte) && byte < 0x80 || Bytes.isDigit(byte) || byte == 45 || byte == 46 || byte == 95 || byte == 43 }
            func skipSpace() { while at < bytes.count, bytes[at] == 32 || bytes[at] == 9 { at += 1 } }
            func token() -> String? {
                let start = at
                while at < bytes.count, isToken(bytes[at]) { at += 1 }
                return at > start ? String(decoding: bytes[start..<at], as: UTF8.self) : nil
            }
            skipSpace()
            guard let type = token(), at < bytes.count, bytes[at] == 47 else { return nil }
            at += 1
            guard let subtype = token() else { return nil }
            var parameters: [String: String] = [:]
            while true {
                skipSpace()
                if at == bytes.count { break }
                guard bytes[at] == 59 else { return nil }
                at += 1
                skipSpace()
                if at == bytes.count { break }
                guard let name = token(), at < bytes.count, bytes[at] == 61 else { return nil }
                at += 1
                let text: String
                if at < bytes.count, bytes[at] == 34 {
                    let start = at + 1
                    at = start
                    // Escapes, encoded words and high bytes are the library's.
                    while at < bytes.count, bytes[at] != 34 {
                        guard (32...126).contains(bytes[at]), bytes[at] != 92, bytes[at] != 63, bytes[at] != 37 else { return nil }
                        at += 1
                    }
                    guard at < bytes.count, at > start else { return nil }
                    text = String(decoding: bytes[start..<at], as: UTF8.self)
                    at += 1
                } else {
                    guard let found = token() else { return nil }
                    text = found
                }
                let key = name.lowercased()
                // Of two of one name the library decides.
                guard parameters[key] == nil else { return nil }
                if wanted.contains(key) { parameters[key] = text }
            }
            return Parameterised(value: (type + "/" + subtype).lowercased(), parameters: parameters)
        }
    }

    private static let wanted = ["boundary", "charset", "name", "format", "delsp", "report-type", "method", "start"]

    static func libraryContentType(_ value: String) -> Parameterised {
        withOptions { options in
            guard let type = g_mime_content_type_parse(options, value) else { return .plain }
            defer { g_object_unref(type) }
            let name = take(g_mime_content_type_get_mime_type(type))?.lowercased() ?? "text/plain"
            var parameters: [String: String] = [:]
            for key in wanted {
                if let value = g_mime_content_type_get_parameter(type, key) { parameters[key] = String(cString: value) }
            }
            return Parameterised(value: name, parameters: parameters)
        }
    }

    static func disposition(_ value: String) -> Parameterised {
        withOptions { options in
            guard let disposition = g_mime_content_disposition_parse(options, value) else { return Parameterised(value: "", parameters: [:]) }
            defer { g_object_unref(disposition) }
            let name = g_mime_content_disposition_get_disposition(disposition).map { String(cString: $0).lowercased() } ?? ""
            let file = g_mime_content_disposition_get_parameter(disposition, "filename").map { String(cString: $0) }
            return Parameterised(value: name, parameters: file.map { ["filename": $0] } ?? [:])
        }
    }

    static func date(_ value: String) -> Instant? {
        _ = ready
        guard let date = g_mime_utils_header_decode_date(value) else { return nil }
        defer { g_date_time_unref(date) }
        return Instant(Int64(g_date_time_to_unix(date)))
    }

    /// Takes a Content-Transfer-Encoding off; what is no known encoding stays as it is.
    /// - Parameter encoding: lower-cased.
    static func decode(_ bytes: ArraySlice<UInt8>, encoding: String) -> [UInt8] {
        switch encoding {
        case "base64": bytes.withUnsafeBufferPointer { TransferEncoding.base64($0) }
        case "quoted-printable": bytes.withUnsafeBufferPointer { TransferEncoding.quotedPrintable($0) }
        case "x-uuencode", "uuencode", "x-uue", "x-uu": decode(afterBegin(bytes), kind: GMIME_CONTENT_ENCODING_UUENCODE)
        default: Array(bytes)
        }
    }

    /// Behind the line "begin 644 name", where there is one.
    private static func afterBegin(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var at = bytes.startIndex
        for _ in 0..<10 {
            let end = bytes[at...].firstIndex(of: 10).map { $0 + 1 } ?? bytes.endIndex
            if bytes[at..<end].starts(with: "begin ".utf8) { return bytes[end...] }
            at = end
        }
        return bytes
    }

    private static func decode(_ bytes: ArraySlice<UInt8>, kind: GMimeContentEncoding) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        _ = ready
        var state = GMimeEncoding()
        g_mime_encoding_init_decode(&state, kind)
        return bytes.withUnsafeBytes { source in
            let room = g_mime_encoding_outlen(&state, source.count)
            return [UInt8](unsafeUninitializedCapacity: room + 16) { target, count in
                target.withMemoryRebound(to: CChar.self) { target in
                    let from = source.baseAddress?.assumingMemoryBound(to: CChar.self)
                    count = g_mime_encoding_flush(&state, from, source.count, target.baseAddress)
                }
            }
        }
    }

    /// Text of a declared charset as a Swift string. Never fails: labels lie, so valid UTF-8 wins over an 8-bit or missing label,
    /// and what can't be converted becomes U+FFFD.
    static func string(_ bytes: [UInt8], charset declared: String?) -> String {
        let label = (declared ?? "").lowercased().filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
        let charset: String
        switch label {
        case "utf-8", "utf8", "unicode-1-1-utf-8", "utf-8-sig", "utf8mb4":
            return String(validating: bytes, as: UTF8.self) ?? (isRatherUTF8(bytes) ? nil : convert(bytes, from: "windows-1252")) ?? String(decoding: bytes, as: UTF8.self)
        case "", "us-ascii", "ascii", "unknown", "unknown-8bit", "x-unknown", "8bit", "binary", "default", "default_charset":
            if let text = String(validating: bytes, as: UTF8.self), !bytes.contains(27) { return text }
            // Escapes without a label are Japanese mail of old.
            charset = bytes.contains(27) ? "iso-2022-jp" : "windows-1252"
        // As browsers read these labels (WHATWG Encoding): the larger set holds what senders really wrote.
        case "iso-8859-1", "latin1", "iso8859-1", "iso_8859-1", "l1", "iso-8859-15", "latin-9", "windows-1252", "cp1252":
            // Whole sequences of UTF-8 and no other high byte: nobody writes that in these letters.
            if let text = String(validating: bytes, as: UTF8.self) { return text }
            charset = label.hasSuffix("15") || label == "latin-9" ? "iso-8859-15" : "windows-1252"
        case "iso-8859-9", "latin5": charset = "windows-1254"
        case "gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936": charset = "gb18030"
        case "ks_c_5601-1987", "euc-kr", "ksc5601": charset = "cp949"
        case "shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j": charset = "cp932"
        case "big5": charset = "big5-hkscs"
        case "iso-8859-8-i", "iso-8859-8-e": charset = "iso-8859-8"
        // Without its escapes it is UTF-8 or what Japanese programs on Windows write.
        case "iso-2022-jp", "csiso2022jp":
            if !bytes.contains(27), let text = String(validating: bytes, as: UTF8.self) { return text }
            charset = !bytes.contains(27) && bytes.contains { $0 >= 0x80 } ? "cp932" : "iso-2022-jp"
        default: charset = label
        }
        return convert(bytes, from: charset)
            ?? String(validating: bytes, as: UTF8.self) ?? convert(bytes, from: "windows-1252") ?? String(decoding: bytes, as: UTF8.self)
    }

    /// Broken UTF-8 has more whole characters than broken ones; another charset under its label has none.
    private static func isRatherUTF8(_ bytes: [UInt8]) -> Bool {
        var whole = 0, broken = 0, at = 0
        while at < bytes.count {
            let length = switch bytes[at] { case 0xC2...0xDF: 2; case 0xE0...0xEF: 3; case 0xF0...0xF4: 4; default: 1 }
            if length > 1, at + length <= bytes.count, bytes[at + 1..<at + length].allSatisfy({ $0 & 0xC0 == 0x80 }) { whole += 1 } else if bytes[at] >= 0x80 { broken += 1 }
            at += length
        }
        return whole >= broken
    }

    private static func convert(_ bytes: [UInt8], from charset: String) -> String? {
        _ = ready
        let converter = g_mime_iconv_open("UTF-8", charset)
        guard let converter, abide_iconv_failed(converter) == 0 else { return nil }
        defer { g_mime_iconv_close(converter) }
        var source = bytes
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 4)
        var piece = [CChar](repeating: 0, count: 16_384)
        let size = piece.count
        source.withUnsafeMutableBytes { source in
            var at = source.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left = source.count
            while left > 0 {
                let reason = piece.withUnsafeMutableBufferPointer { piece in
                    var out = piece.baseAddress
                    var room = size
                    let reason = abide_iconv(converter, &at, &left, &out, &room)
                    result.append(contentsOf: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(piece)[..<(size - room)]))
                    return reason
                }
                if reason != 0, reason != Int32(abide_output_full), left > 0 {
                    result.append(contentsOf: [0xEF, 0xBF, 0xBD])
                    at = at?.advanced(by: 1)
                    left -= 1
                }
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// GMime's standard options, which are its loose ones.
    private static func withOptions<Result>(_ body: (OpaquePointer?) -> Result) -> Result {
        _ = ready
        return body(nil)
    }

    private static func take(_ text: UnsafeMutablePointer<CChar>?) -> String? {
        guard let text else { return nil }
        defer { g_free(text) }
        return String(cString: text)
    }
}

/// Text of a header as one line: nothing in it can end a line, hide or turn round its neighbours.
enum OneLine {
    static func of(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isUnsafe($0) }) || text.first == " " || text.last == " " else { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: continue
            case _ where isUnsafe(scalar): if scalars.last != " " { scalars.append(" ") }
            default: scalars.append(scalar)
            }
        }
        let view = String(scalars)
        let start = view.firstIndex { $0 != " " } ?? view.endIndex
        let end = view.lastIndex { $0 != " " }.map(view.index(after:)) ?? start
        return String(view[start..<end])
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...31, 127...159, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
