/// What Outlook wraps in "winmail.dat" (MS-OXTNEF): files, and a body where the mail has none.
///
/// Read here since the one library for it keeps pointers into what a stranger sent: every length below is checked against what is there,
/// and what makes no sense ends the reading, not the process.
struct TNEF {
    struct File {
        var name = ""
        var type = ""
        var content: [UInt8] = []
        var contentID: String?
    }

    private(set) var files: [File] = []
    private(set) var text: String?
    private(set) var html: String?

    private static let files = 200

    /// nil where the bytes are no such thing.
    init?(_ bytes: [UInt8], depth: Int = 0) {
        var reader = Reader(bytes[...])
        guard reader.number(4) == 0x223E_9F78, reader.number(2) != nil else { return nil }
        var codepage = "windows-1252"
        var file: File?
        while let level = reader.number(1), let id = reader.number(4), let length = reader.number(4), let data = reader.take(length) {
            _ = reader.number(2)
            switch id & 0xFFFF {
            case 0x9007: if let number = data.first.map({ Int($0) | Int(data.dropFirst().first ?? 0) << 8 }), number > 0 { codepage = number == 65_001 ? "utf-8" : "windows-\(number)" }
            case 0x800C where level == 1: text = Self.string(Array(data), codepage)
            case 0x9003 where level == 1:
                for property in Self.properties(data) {
                    switch property.id {
                    case 0x1000: text = Self.string(property, codepage)
                    case 0x1013: html = property.type == 0x102 ? GMimeValues.string(property.value, charset: nil) : Self.string(property, codepage)
                    default: break
                    }
                }
            case 0x9002:
                if let file, !file.content.isEmpty { files.append(file) }
                guard files.count < Self.files else { return }
                file = File()
            case 0x8010: file?.name = Self.string(Array(data), codepage)
            case 0x800F: file?.content = Array(data)
            case 0x9005:
                for property in Self.properties(data) {
                    switch property.id {
                    // The long name beats the one of eight letters.
                    case 0x3707: file?.name = Self.string(property, codepage)
                    case 0x3001 where file?.name.isEmpty ?? true, 0x3704 where file?.name.isEmpty ?? true: file?.name = Self.string(property, codepage)
                    case 0x370E: file?.type = Self.string(property, codepage).lowercased()
                    case 0x3712: file?.contentID = Self.string(property, codepage)
                    case 0x3701 where property.type == 0x0D && depth < 3:
                        // A message within; its files count as files.
                        if let inner = TNEF(Array(property.value.dropFirst(16)), depth: depth + 1) { files += inner.files.prefix(Self.files - files.count) }
                    case 0x3701 where file?.content.isEmpty ?? false: file?.content = property.value
                    default: break
                    }
                }
            default: break
            }
        }
        if let file, !file.content.isEmpty { files.append(file) }
    }

    private struct Property {
        var id: Int
        var type: Int
        var value: [UInt8]
    }

    private static func string(_ property: Property, _ codepage: String) -> String {
        property.type == 0x1F ? terminated(GMimeValues.string(property.value, charset: "utf-16le")) : string(property.value, codepage)
    }

    private static func string(_ bytes: [UInt8], _ codepage: String) -> String { terminated(GMimeValues.string(bytes, charset: codepage)) }
    private static func terminated(_ text: String) -> String { String(text.prefix { $0 != "\0" }) }

    private static func properties(_ data: ArraySlice<UInt8>) -> [Property] {
        var reader = Reader(data)
        var found: [Property] = []
        guard let count = reader.number(4) else { return [] }
        for _ in 0..<min(count, 2_000) {
            guard let type = reader.number(2), let id = reader.number(2) else { break }
            if id >= 0x8000 {
                guard reader.take(16) != nil, let kind = reader.number(4), let number = reader.number(4), kind == 0 || reader.take((number + 3) & ~3) != nil else { break }
            }
            let bare = type & 0x0FFF
            let isVariable = [0x1E, 0x1F, 0x102, 0x0D].contains(bare)
            guard let values = isVariable || type & 0x1000 != 0 ? reader.number(4) : 1 else { break }
            for place in 0..<min(values, 10_000) {
                let length: Int
                switch bare {
                case 0x1E, 0x1F, 0x102, 0x0D:
                    guard let given = reader.number(4) else { return found }
                    length = given
                case 0x02, 0x03, 0x04, 0x0A, 0x0B: length = 4
                case 0x05, 0x06, 0x07, 0x14, 0x40: length = 8
                case 0x48: length = 16
                default: return found
                }
                guard let value = reader.take(length) else { return found }
                _ = reader.take((4 - length % 4) % 4)
                if place == 0 { found.append(Property(id: id, type: bare, value: Array(value))) }
            }
        }
        return found
    }

    private struct Reader {
        private var rest: ArraySlice<UInt8>
        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        /// Little-endian.
        mutating func number(_ count: Int) -> Int? { take(count)?.reversed().reduce(0) { $0 << 8 | Int($1) } }

        mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard count >= 0, count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
    }
}
