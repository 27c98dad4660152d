import CLibPQ

/// The types of PostgreSQL that the store meets, by their fixed numbers (pg_type.dat).
private enum TypeNumber {
    static let bool: Oid = 16
    static let bytes: Oid = 17
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let oid: Oid = 26
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let void: Oid = 2278
    static let numeric: Oid = 1700
}

extension Value {
    /// 0 for null: the server finds out what it stands for.
    var postgreSQLType: Oid {
        switch self {
        case .null: 0
        case .integer: TypeNumber.int8
        case .real: TypeNumber.float8
        case .text: TypeNumber.text
        case .blob: TypeNumber.bytes
        }
    }

    /// Appends the value in the server's binary form.
    /// - Returns: where it stands; nil for null.
    func append(to buffer: inout [UInt8]) -> Range<Int>? {
        let start = buffer.count
        switch self {
        case .null: return nil
        case .integer(let value): withUnsafeBytes(of: value.bigEndian) { buffer.append(contentsOf: $0) }
        case .real(let value): withUnsafeBytes(of: value.bitPattern.bigEndian) { buffer.append(contentsOf: $0) }
        case .text(let value):
            buffer.append(contentsOf: value.utf8)
            // The one character that PostgreSQL's text can't hold.
            if let zero = buffer[start...].firstIndex(of: 0) {
                let clean = buffer[zero...].flatMap { $0 == 0 ? Array("\u{FFFD}".utf8) : [$0] }
                buffer.replaceSubrange(zero..., with: clean)
            }
        case .blob(let value): buffer.append(contentsOf: value)
        }
        return start..<buffer.count
    }

    init(type: Oid, bytes: UnsafeRawBufferPointer) {
        switch type {
        case TypeNumber.int8: self = .integer(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
        case TypeNumber.int4: self = .integer(Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))))
        case TypeNumber.oid: self = .integer(Int64(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))))
        case TypeNumber.int2: self = .integer(Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self))))
        case TypeNumber.bool: self = .integer(bytes[0] == 0 ? 0 : 1)
        case TypeNumber.float8: self = .real(Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))))
        case TypeNumber.float4: self = .real(Double(Float(bitPattern: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))))
        case TypeNumber.numeric: self = Self.number(bytes)
        case TypeNumber.bytes: self = .blob([UInt8](bytes))
        case TypeNumber.void: self = .null
        default: self = .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// A sum of BIGINT is NUMERIC: digits to the base of 10,000 behind a head of four 16-bit numbers (count, weight of the first, sign, scale).
    private static func number(_ bytes: UnsafeRawBufferPointer) -> Value {
        func word(_ index: Int) -> Int { Int(Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: Int16.self))) }
        let count = word(0), weight = word(1), negative = word(2) != 0
        let digits = (0..<count).map { word(4 + $0) }
        if count - 1 <= weight, weight < 5 {
            var whole: Int64 = 0
            var fits = true
            for index in 0...max(0, weight) {
                let (product, over) = whole.multipliedReportingOverflow(by: 10_000)
                let (sum, more) = product.addingReportingOverflow(Int64(index < count ? digits[index] : 0))
                fits = fits && !over && !more
                whole = sum
            }
            if fits { return .integer(negative ? -whole : whole) }
        }
        var real = 0.0
        for digit in digits.reversed() { real = real / 10_000 + Double(digit) }
        for _ in 0..<max(0, weight) { real *= 10_000 }
        for _ in 0..<max(0, -weight) { real /= 10_000 }
        return .real(negative ? -real : real)
    }
}
