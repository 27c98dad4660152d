/// Why zone data can't be used.
package struct ZoneFault: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}

/// What a TZif file says (RFC 9636), versions 1 to 4.
struct TZif {
    /// Ascending; the type from each instant on.
    var transitions: [(at: Int64, type: Int)] = []
    /// Never empty. Type 0 holds before the first transition.
    var types: [PosixRule.Kind] = []
    /// What holds after the last transition; nil: the last type for ever.
    var rule: PosixRule?

    init(_ bytes: [UInt8]) throws(ZoneFault) {
        var reader = Reader(bytes: bytes)
        let first = try reader.header()
        guard first.version >= 2 else {
            try readBlock(&reader, first, timeSize: 4)
            return
        }
        // The first block repeats the second with 32-bit times for old readers.
        try reader.skip(first.size(timeSize: 4))
        let second = try reader.header()
        try readBlock(&reader, second, timeSize: 8)
        let footer = try reader.footer()
        if !footer.isEmpty {
            guard let rule = PosixRule(footer) else { throw ZoneFault("its footer is no rule of time: \(String(decoding: footer, as: UTF8.self))") }
            self.rule = rule
        }
    }

    private mutating func readBlock(_ reader: inout Reader, _ header: Header, timeSize: Int) throws(ZoneFault) {
        guard header.typeCount > 0 else { throw ZoneFault("it has no type of local time") }
        // The `right/` files count leap seconds; instants here are UTC as POSIX counts it.
        guard header.leapCount == 0 else { throw ZoneFault("it counts leap seconds") }
        var times: [Int64] = []
        times.reserveCapacity(header.transitionCount)
        for _ in 0..<header.transitionCount {
            let time = try reader.integer(timeSize)
            if let last = times.last, last >= time { throw ZoneFault("its transitions are not in order") }
            times.append(time)
        }
        for time in times {
            let type = Int(try reader.byte())
            guard type < header.typeCount else { throw ZoneFault("it names a type that it does not have") }
            transitions.append((time, type))
        }
        var raw: [(offset: Int, name: Int)] = []
        for _ in 0..<header.typeCount {
            let offset = Int(try reader.integer(4))
            guard (-93_599...93_599).contains(offset) else { throw ZoneFault("an offset of \(offset) s is out of range") }
            _ = try reader.byte()
            raw.append((offset, Int(try reader.byte())))
        }
        let names = try reader.bytes(header.nameBytes)
        for (offset, name) in raw {
            guard name < names.count, let end = names[name...].firstIndex(of: 0) else { throw ZoneFault("an abbreviation has no end") }
            types.append(PosixRule.Kind(offset: offset, abbreviation: String(decoding: names[name..<end], as: UTF8.self)))
        }
        try reader.skip(header.standardCount + header.universalCount)
    }
}

private struct Header {
    var version: Int
    var universalCount, standardCount, leapCount, transitionCount, typeCount, nameBytes: Int

    func size(timeSize: Int) -> Int {
        transitionCount * (timeSize + 1) + typeCount * 6 + nameBytes + leapCount * (timeSize + 4) + standardCount + universalCount
    }
}

private struct Reader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func bytes(_ count: Int) throws(ZoneFault) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw ZoneFault("it ends too early") }
        defer { position += count }
        // Rebased, so that indexes count from the slice's own start.
        return ArraySlice(Array(bytes[position..<position + count]))
    }

    mutating func skip(_ count: Int) throws(ZoneFault) {
        guard count <= bytes.count - position else { throw ZoneFault("it ends too early") }
        position += count
    }

    mutating func byte() throws(ZoneFault) -> UInt8 {
        guard position < bytes.count else { throw ZoneFault("it ends too early") }
        defer { position += 1 }
        return bytes[position]
    }

    /// A big-endian two's complement number of 4 or 8 bytes.
    mutating func integer(_ size: Int) throws(ZoneFault) -> Int64 {
        var value: UInt64 = 0
        for _ in 0..<size { value = value << 8 | UInt64(try byte()) }
        return size == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }

    mutating func header() throws(ZoneFault) -> Header {
        guard Array(try bytes(4)) == Array("TZif".utf8) else { throw ZoneFault("it is no TZif file") }
        let version = try byte()
        try skip(15)
        var counts: [Int] = []
        for _ in 0..<6 {
            let count = Int(try integer(4))
            guard count >= 0, count <= bytes.count else { throw ZoneFault("it ends too early") }
            counts.append(count)
        }
        return Header(
            version: version == 0 ? 1 : Int(version) - 0x30, universalCount: counts[0], standardCount: counts[1], leapCount: counts[2],
            transitionCount: counts[3], typeCount: counts[4], nameBytes: counts[5])
    }

    /// The text between the two newlines at the end.
    mutating func footer() throws(ZoneFault) -> ArraySlice<UInt8> {
        let newline = UInt8(ascii: "\n")
        guard try byte() == newline, let end = bytes[position...].firstIndex(of: newline) else { throw ZoneFault("its footer is missing") }
        return bytes[position..<end]
    }
}
