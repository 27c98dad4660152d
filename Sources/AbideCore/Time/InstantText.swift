extension Instant {
    /// The first instant that RFC 3339 can't write any more, 10000-01-01T00:00:00Z. No deadline lies there or later.
    package static let endOfTime = Instant(253_402_300_800)
    /// The first instant that RFC 3339 can write, 0000-01-01T00:00:00Z.
    package static let startOfTime = Instant(-62_167_219_200)

    /// Exactly `YYYY-MM-DDTHH:MM:SSZ` (RFC 3339 in UTC, whole seconds, years 0000 to 9999); nil for anything else.
    package init?(rfc3339 text: String) {
        var text = text
        let seconds = text.withUTF8 { bytes -> Int64? in
            guard bytes.count == 20, let date = LocalDate(isoBytes: bytes, at: 0),
                bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), bytes[19] == UInt8(ascii: "Z"),
                let hour = decimal(bytes, 11, 2), let minute = decimal(bytes, 14, 2), let second = decimal(bytes, 17, 2),
                hour < 24, minute < 60, second < 60
            else { return nil }
            return Int64(date.days * 86_400 + hour * 3600 + minute * 60 + second)
        }
        guard let seconds else { return nil }
        self.init(seconds)
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`.
    package var rfc3339: String {
        let (days, second) = seconds.quotientAndModulus(86_400)
        let (year, month, day) = LocalDate(days: days).civil
        return String(unsafeUninitializedCapacity: 40) { buffer in
            var writer = DigitWriter(buffer: buffer)
            writer.date(year, month, day)
            writer.byte("T")
            writer.padded(second / 3600, 2)
            writer.byte(":")
            writer.padded(second / 60 % 60, 2)
            writer.byte(":")
            writer.padded(second % 60, 2)
            writer.byte("Z")
            return writer.count
        }
    }
}

extension Int64 {
    /// Division that rounds down, so that instants before 1970 fall on the right day.
    func quotientAndModulus(_ divisor: Int64) -> (quotient: Int, modulus: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (Int(quotient) - 1, Int(remainder + divisor)) : (Int(quotient), Int(remainder))
    }
}
