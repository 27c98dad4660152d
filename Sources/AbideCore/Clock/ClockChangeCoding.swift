/// A compact form of a clock's changes, kept with a ticket's row so that a list of tickets can draw its promise lines without
/// reading a single event: `S1700000000,2;P1700003600,1,accessAwaited;R1700007200,1;X1700010800`.
package enum ClockChangeCoding {
    package static func write(_ changes: [ClockChange]) -> String {
        var text = ""
        for change in changes {
            if !text.isEmpty { text += ";" }
            let at = change.at.seconds
            switch change.kind {
            case .start(let severity): text += "S\(at),\(severity)"
            case .severity(let severity): text += "V\(at),\(severity)"
            case .agreed(let due, let seconds):
                if let seconds { text += "W\(at),\(seconds)" } else { text += "D\(at),\(due?.seconds ?? 0)" }
            case .suspend(let id, let reason): text += "P\(at),\(id),\(reason)"
            case .resume(let id): text += "R\(at),\(id)"
            case .stop: text += "X\(at)"
            case .end: text += "E\(at)"
            case .carryOn: text += "C\(at)"
            case .restart: text += "N\(at)"
            }
        }
        return text
    }

    /// Reads what `write` wrote; a part that can't be read is left out.
    package static func read(_ text: some StringProtocol) -> [ClockChange] {
        var changes: [ClockChange] = []
        var text = String(text)
        text.withUTF8 { bytes in
            var index = 0
            func number() -> Int64 {
                var value: Int64 = 0
                var negative = false
                if index < bytes.count, bytes[index] == UInt8(ascii: "-") { negative = true; index += 1 }
                while index < bytes.count, bytes[index] >= 48, bytes[index] <= 57 {
                    value = value &* 10 &+ Int64(bytes[index] - 48)
                    index += 1
                }
                if index < bytes.count, bytes[index] == UInt8(ascii: ",") { index += 1 }
                return negative ? -value : value
            }
            while index < bytes.count {
                let letter = bytes[index]
                index += 1
                let at = Instant(number())
                switch letter {
                case UInt8(ascii: "S"): changes.append(.init(at, .start(severity: Int(number()))))
                case UInt8(ascii: "V"): changes.append(.init(at, .severity(Int(number()))))
                case UInt8(ascii: "W"): changes.append(.init(at, .agreed(due: nil, workingSeconds: number())))
                case UInt8(ascii: "D"): changes.append(.init(at, .agreed(due: Instant(number()), workingSeconds: nil)))
                case UInt8(ascii: "P"):
                    let id = Int(number())
                    let from = index
                    while index < bytes.count, bytes[index] != UInt8(ascii: ";") { index += 1 }
                    changes.append(.init(at, .suspend(id, reason: String(decoding: bytes[from..<index], as: UTF8.self))))
                case UInt8(ascii: "R"): changes.append(.init(at, .resume(Int(number()))))
                case UInt8(ascii: "X"): changes.append(.init(at, .stop))
                case UInt8(ascii: "E"): changes.append(.init(at, .end))
                case UInt8(ascii: "C"): changes.append(.init(at, .carryOn))
                case UInt8(ascii: "N"): changes.append(.init(at, .restart))
                default: break
                }
                while index < bytes.count, bytes[index] != UInt8(ascii: ";") { index += 1 }
                index += 1
            }
        }
        return changes
    }
}

extension ClockChange: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let change = ClockChangeCoding.read(text).first else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a change of a clock: \(text)")
        }
        self = change
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(ClockChangeCoding.write([self]))
    }
}
