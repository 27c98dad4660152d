/// The two encodings of nearly all mail taken off (RFC 2045 6.7, 6.8); what is no encoded text in them never fails, it stands for itself or
/// is passed over.
enum TransferEncoding {
    // MARK: Base64

    private static let skipped: UInt8 = 64
    private static let padding: UInt8 = 128

    /// Six bits each; `skipped` for what is no digit.
    private static let digits: [UInt8] = {
        var digits = [UInt8](repeating: skipped, count: 256)
        for (value, byte) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() { digits[Int(byte)] = UInt8(value) }
        digits[61] = padding
        return digits
    }()

    static func base64(_ source: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: source.count / 4 * 3 + 3) { target, count in
            digits.withUnsafeBufferPointer { digits in
                var at = 0, out = 0, bits: UInt32 = 0, held = 0
                func flush() {
                    if held == 2 { target[out] = UInt8(truncatingIfNeeded: bits >> 4); out += 1 }
                    if held == 3 {
                        target[out] = UInt8(truncatingIfNeeded: bits >> 10)
                        target[out + 1] = UInt8(truncatingIfNeeded: bits >> 2)
                        out += 2
                    }
                    held = 0
                    bits = 0
                }
                while at < source.count {
                    if held == 0 {
                        while at + 4 <= source.count {
                            let a = digits[Int(source[at])], b = digits[Int(source[at + 1])], c = digits[Int(source[at + 2])], d = digits[Int(source[at + 3])]
                            guard (a | b | c | d) < skipped else { break }
                            target[out] = a << 2 | b >> 4
                            target[out + 1] = b << 4 | c >> 2
                            target[out + 2] = c << 6 | d
                            out += 3
                            at += 4
                        }
                        guard at < source.count else { break }
                    }
                    let digit = digits[Int(source[at])]
                    at += 1
                    if digit < skipped {
                        bits = bits << 6 | UInt32(digit)
                        held += 1
                        guard held == 4 else { continue }
                        target[out] = UInt8(truncatingIfNeeded: bits >> 16)
                        target[out + 1] = UInt8(truncatingIfNeeded: bits >> 8)
                        target[out + 2] = UInt8(truncatingIfNeeded: bits)
                        out += 3
                        held = 0
                        bits = 0
                    } else if digit == padding, held > 1 {
                        flush()
                        // Encoded piece by piece it goes on; what a list wrote below it does not belong to it.
                        guard goesOn(source, &at, digits) else { break }
                    }
                }
                flush()
                count = out
            }
        }
    }

    /// Moves behind padding and white space. Whether the line there is whole base64.
    private static func goesOn(_ source: UnsafeBufferPointer<UInt8>, _ at: inout Int, _ digits: UnsafeBufferPointer<UInt8>) -> Bool {
        while at < source.count, source[at] == 61 || source[at] <= 32 { at += 1 }
        var end = at
        while end < source.count, digits[Int(source[end])] != skipped { end += 1 }
        return end > at && (end - at) % 4 == 0 && (end == source.count || source[end] == CR || source[end] == LF)
    }

    // MARK: Quoted-printable

    static func quotedPrintable(_ source: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
            var at = 0, out = 0
            while at < source.count {
                let byte = source[at]
                guard byte == 61 else {
                    target[out] = byte
                    out += 1
                    at += 1
                    continue
                }
                if at + 2 < source.count, let high = hex(source[at + 1]), let low = hex(source[at + 2]) {
                    target[out] = high << 4 | low
                    out += 1
                    at += 3
                } else if let next = softBreak(source, at + 1) {
                    at = next
                } else {
                    target[out] = byte
                    out += 1
                    at += 1
                }
            }
            count = out
        }
    }

    /// Behind the line end of a soft break; white space before it was added on the way.
    private static func softBreak(_ source: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        var at = start
        while at < source.count, source[at] == 32 || source[at] == 9 { at += 1 }
        guard at < source.count else { return at }
        if source[at] == LF { return at + 1 }
        guard source[at] == CR else { return nil }
        return at + 1 < source.count && source[at + 1] == LF ? at + 2 : at + 1
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
