/// Reads the bytes after DATA up to the end of data, which is CRLF.CRLF and nothing else (RFC 5321 4.1.1.4), and takes the dot-stuffing off.
///
/// A bare CR or LF spoils the message. A line of a single dot that is set off by a bare one is the mark of a smuggled second message
/// (S35): what follows can't be told for text or commands, so the connection has to end there.
struct DataReader {
    enum Fault: Equatable { case bareLineEnd, lineTooLong, tooLarge }
    enum Outcome: Equatable {
        case more, ended, smuggled
        /// Too large by far: not worth reading to its end.
        case flood
    }

    private(set) var content: [UInt8] = []
    /// The first thing that was wrong; from then on the bytes are only counted.
    private(set) var fault: Fault?

    private let limits: SMTPLimits
    private var total = 0
    /// Length of the current line without its stuffed dot.
    private var length = 0
    private var atLineStart = true
    private var onlyDot = false
    private var afterCRLF = true
    private var sawCR = false

    /// - Parameter expected: the size that was announced, so that a large message is not copied while it grows.
    init(limits: SMTPLimits, expected: Int) {
        self.limits = limits
        content.reserveCapacity(min(expected + 1_024, limits.message))
    }

    /// Goes through `bytes` from `position`, which it moves; stops right after the end of data.
    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, position: inout Int) -> Outcome {
        while position < bytes.count {
            if sawCR {
                sawCR = false
                if bytes[position] == LF {
                    position += 1
                    if onlyDot { return afterCRLF ? .ended : .smuggled }
                    keepLineEnd()
                    startLine(afterCRLF: true)
                    continue
                }
                if bareLineEnd() { return .smuggled }
            }
            let byte = bytes[position]
            if byte == CR {
                sawCR = true
                position += 1
            } else if byte == LF {
                position += 1
                if bareLineEnd() { return .smuggled }
            } else if atLineStart, byte == DOT {
                atLineStart = false
                onlyDot = true
                position += 1
            } else {
                atLineStart = false
                onlyDot = false
                var end = position + 1
                while end < bytes.count, bytes[end] != CR, bytes[end] != LF { end += 1 }
                length += end - position
                if length + 2 > limits.textLine { spoil(.lineTooLong) }
                keep(UnsafeBufferPointer(rebasing: bytes[position..<end]))
                position = end
            }
        }
        return total > 2 * limits.message + 65_536 ? .flood : .more
    }

    private mutating func bareLineEnd() -> Bool {
        spoil(.bareLineEnd)
        total += 1
        if onlyDot { return true }
        startLine(afterCRLF: false)
        return false
    }

    private mutating func startLine(afterCRLF: Bool) {
        self.afterCRLF = afterCRLF
        length = 0
        atLineStart = true
        onlyDot = false
    }

    private mutating func keep(_ piece: UnsafeBufferPointer<UInt8>) {
        total += piece.count
        if total > limits.message { spoil(.tooLarge) }
        if fault == nil { content.append(contentsOf: piece) }
    }

    private mutating func keepLineEnd() {
        total += 2
        if total > limits.message { spoil(.tooLarge) }
        if fault == nil {
            content.append(CR)
            content.append(LF)
        }
    }

    private mutating func spoil(_ fault: Fault) {
        if self.fault == nil { self.fault = fault }
        content = []
    }
}

let CR: UInt8 = 13
let LF: UInt8 = 10
let DOT: UInt8 = 46
