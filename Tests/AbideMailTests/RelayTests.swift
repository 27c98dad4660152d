import AbideCore
import AbideMail
import Synchronization
import Testing

@Suite("Handing mail to a relay")
struct RelayTests {
    @Test("P11 a message arrives byte for byte, answers are told apart, and a dead relay means later")
    func relay() async throws {
        let message = Array("From: a@b.example\r\nTo: c@abide.example\r\n\r\n.\r\n..x\r\n.y\r\n\r\nend\r\n".utf8)
        let relay = Mutex<Relay?>(nil)
        let received = try await withListener(accept: { envelope, _ in
            switch envelope.from {
            case "full@b.example": .tryAgain(code: 452, enhanced: "4.3.1", text: "Disk full")
            case "spam@b.example": .refused(code: 554, enhanced: "5.7.1", text: "No")
            default: .stored
            }
        }) { port in
            let line = try Relay(url: "smtp://127.0.0.1:\(port)")
            relay.withLock { $0 = line }
            for _ in 0..<5 { #expect(await line.send(from: "a@b.example", to: "c@abide.example", message: message) == .sent) }
            #expect(await line.send(from: "", to: "c@abide.example", message: message) == .sent)
            let unknown = await line.send(from: "a@b.example", to: "c@elsewhere.example", message: message)
            #expect(unknown == .failed(code: 550, text: "550 5.1.1 No such mailbox here"))
            #expect(await line.send(from: "full@b.example", to: "c@abide.example", message: message) == .tryAgain(code: 452, text: "452 4.3.1 Disk full"))
            #expect(await line.send(from: "spam@b.example", to: "c@abide.example", message: message) == .failed(code: 554, text: "554 5.7.1 No"))
            #expect(await line.send(from: "a@b.example", to: "c@abide.example>\r\nRCPT TO:<d@abide.example", message: message) == .failed(code: 501, text: "not an address"))
            // STARTTLS is not offered here: where it is required nothing leaves.
            let strict = try Relay(url: "smtp://127.0.0.1:\(port)?tls=required")
            guard case .tryAgain(0, _) = await strict.send(from: "a@b.example", to: "c@abide.example", message: message) else {
                Issue.record("sent without TLS")
                return
            }
        }
        #expect(received.count == 6)
        #expect(received.allSatisfy { $0.1 == message && $0.0.recipients == ["c@abide.example"] })
        #expect(received.last?.0.from == "")
        let late = await relay.withLock { $0 }?.send(from: "a@b.example", to: "c@abide.example", message: message)
        guard case .tryAgain(_, let text)? = late else {
            Issue.record("sent to nobody: \(String(describing: late))")
            return
        }
        #expect(!text.isEmpty)
    }

    @Test("an address that is no relay's is refused, and none is shown with its password", arguments: [
        "http://x", "smtp://", "x", "smtp://h/path", "smtp://h?tls=maybe", "smtp://h?x=1", "ftp://user:secret@h",
    ])
    func badAddress(url: String) {
        #expect { try Relay(url: url) } throws: { !"\($0)".contains("secret") && "\($0)".contains("expected smtp://") }
    }

    @Test("a relay tells its address without the password")
    func description() throws {
        #expect(try Relay(url: "smtp://user:secret@relay.example:587?tls=required").description == "smtp://relay.example:587?tls=required")
    }
}
