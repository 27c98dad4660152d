/// What must be known of a header before a message is taken over: how large it is and how often it was passed on.
struct HeaderScan {
    /// Bytes up to the empty line.
    private(set) var size = 0
    /// `Received` fields.
    private(set) var hops = 0

    init(_ message: [UInt8]) {
        let name = Array("received:".utf8)
        message.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count, bytes[start] != CR, bytes[start] != LF {
                if start + name.count <= bytes.count, name.indices.allSatisfy({ bytes[start + $0] | 0x20 == name[$0] }) { hops += 1 }
                while start < bytes.count, bytes[start] != LF { start += 1 }
                start += 1
            }
            size = min(start, bytes.count)
        }
    }
}
