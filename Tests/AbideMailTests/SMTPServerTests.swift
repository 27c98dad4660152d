import AbideMail
import Foundation
import Logging
import Synchronization
import Testing

/// A listener on a free loopback port for the time of `body`, which gets the port; what it accepted comes back.
func withListener(
    limits: SMTPLimits = SMTPLimits(), accept: @escaping @Sendable (MailEnvelope, [UInt8]) async -> MailVerdict = { _, _ in .stored },
    _ body: @escaping @Sendable (Int) async throws -> Void
) async throws -> [(MailEnvelope, [UInt8])] {
    let received = Received()
    let server = try SMTPServer(
        host: "127.0.0.1", port: 0, limits: limits, hostName: "desk.example", knows: { $0.hasSuffix("@abide.example") },
        accept: { envelope, bytes in
            let verdict = await accept(envelope, bytes)
            if verdict == .stored { received.list.withLock { $0.append((envelope, bytes)) } }
            return verdict
        }, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { continuation.finish() }
            try await server.run { continuation.yield($0) }
        }
        var ready = ports.makeAsyncIterator()
        if let port = await ready.next() { try await body(port) }
        group.cancelAll()
        try await group.waitForAll()
    }
    return received.list.withLock { $0 }
}

final class Received: Sendable {
    let list = Mutex<[(MailEnvelope, [UInt8])]>([])
}

/// Runs a script with the system's Python, whose smtplib is a mail client not of our making. It ends by itself within its own time limit.
func python(_ script: String) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-c", "import signal; signal.alarm(30)\n" + script]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        do { try process.run() } catch { return continuation.resume(throwing: error) }
        DispatchQueue.global().async {
            let data = output.fileHandleForReading.readDataToEndOfFile()
            continuation.resume(returning: String(decoding: data, as: UTF8.self))
        }
    }
}

@Suite("Mail listener")
struct SMTPServerTests {
    @Test("another's mail client hands in messages over SMTP and LMTP, and each is there once before its 250")
    func smtplib() async throws {
        let received = try await withListener { port in
            let said = try await python("""
                import smtplib
                s = smtplib.SMTP('127.0.0.1', \(port), timeout=10)
                s.sendmail('anna@client.example', ['support@abide.example', 'nobody@elsewhere.example'], 'Subject: one\\n\\n.dots\\n..\\nend\\n')
                s.sendmail('', ['support@abide.example'], b'Subject: gr\\xc3\\xbc\\xc3\\x9fe\\r\\n\\r\\nx\\r\\n', ['BODY=8BITMIME'])
                try: s.sendmail('anna@client.example', ['nobody@elsewhere.example'], 'x')
                except smtplib.SMTPRecipientsRefused as e: print(e.recipients['nobody@elsewhere.example'][0])
                s.quit()
                l = smtplib.LMTP('127.0.0.1', \(port))
                l.sendmail('anna@client.example', ['support@abide.example'], 'Subject: three\\n\\nx\\n' + ('y' * 70 + '\\n') * 20000)
                l.quit()
                print('done')
                """)
            #expect(said == "550\ndone\n")
        }
        try #require(received.count == 3)
        #expect(String(decoding: received[0].1, as: UTF8.self) == "Subject: one\r\n\r\n.dots\r\n..\r\nend\r\n")
        #expect(received.map { $0.0.from } == ["anna@client.example", "", "anna@client.example"])
        #expect(received[2].0.lmtp)
        let size = 18 + 3 + 20_000 * 72
        #expect(received[2].1.count == size)
    }

    @Test("one that can't be stored is answered with its temporary code and comes back")
    func tryAgain() async throws {
        let received = try await withListener(accept: { _, _ in .tryAgain(code: 451, enhanced: "4.3.0", text: "Store away") }) { port in
            let said = try await python("""
                import smtplib
                s = smtplib.SMTP('127.0.0.1', \(port), timeout=10)
                try: s.sendmail('anna@client.example', ['support@abide.example'], 'Subject: one\\n\\nx\\n')
                except smtplib.SMTPDataError as e: print(e.smtp_code, e.smtp_error.decode())
                """)
            #expect(said == "451 4.3.0 Store away\n")
        }
        #expect(received.isEmpty)
    }

    @Test("P20 at shutdown a waiting connection hears 421 and is closed")
    func shutdown() async throws {
        let client = Mutex<Task<String, any Error>?>(nil)
        _ = try await withListener { port in
            let (greeted, continuation) = AsyncStream<Void>.makeStream()
            let task = Task {
                let process = Process()
                process.executableURL = URL(filePath: "/usr/bin/python3")
                process.arguments = ["-uc", "import signal, socket; signal.alarm(30)\ns = socket.create_connection(('127.0.0.1', \(port)))\nf = s.makefile()\nf.readline(); print('greeted'); print(f.read(), end='')"]
                let output = Pipe()
                process.standardOutput = output
                try process.run()
                let first = output.fileHandleForReading.availableData
                continuation.finish()
                return String(decoding: first + output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            }
            client.withLock { $0 = task }
            for await _ in greeted {}
        }
        let said = try await client.withLock { $0 }?.value
        #expect(said == "greeted\n421 4.3.2 Shutting down, try again later\n")
    }

    @Test("P15 P16 unfinished messages and idle connections are bounded, and end with 421")
    func unfinished() async throws {
        var limits = SMTPLimits()
        limits.unfinished = 100_000
        // Long enough that a busy machine sends both bodies within it.
        limits.idleSeconds = 5
        let received = try await withListener(limits: limits) { port in
            let said = try await python("""
                import socket
                def begin():
                    s = socket.create_connection(('127.0.0.1', \(port))); f = s.makefile('rb')
                    s.send(b'HELO x\\r\\nMAIL FROM:<>\\r\\nRCPT TO:<a@abide.example>\\r\\nDATA\\r\\n')
                    for _ in range(5): f.readline()
                    return s, f
                a, fa = begin(); b, fb = begin()
                line = b'x' * 98 + b'\\r\\n'
                a.sendall(line * 700)
                b.sendall(line * 700)
                # The connection is free again for a message that fits.
                print(sorted([fa.readline()[:9], fb.readline()[:9]]))
                c, fc = begin(); c.sendall(line * 700 + b'.\\r\\n'); print(fc.readline()[:9])
                print(fc.read()[:9])
                """)
            #expect(said == "[b'421 4.3.2', b'421 4.4.2']\nb'250 2.0.0'\nb'421 4.4.2'\n")
        }
        #expect(received.count == 1)
    }

    @Test("P15 more connections than the limit are sent away with 421, the others go on")
    func connectionLimit() async throws {
        var limits = SMTPLimits()
        limits.connections = 3
        limits.idleSecondsUnderStress = 300
        _ = try await withListener(limits: limits) { port in
            let said = try await python("""
                import socket
                cs = [socket.create_connection(('127.0.0.1', \(port))) for _ in range(3)]
                print([c.recv(100)[:3] for c in cs])
                d = socket.create_connection(('127.0.0.1', \(port)))
                print(d.recv(200).decode().strip())
                cs[0].send(b'NOOP\\r\\n'); print(cs[0].recv(100)[:3])
                cs[0].close(); cs[1].send(b'QUIT\\r\\n'); print(cs[1].recv(100)[:3].decode())
                print(socket.create_connection(('127.0.0.1', \(port))).recv(100)[:3])
                """)
            #expect(said == "[b'220', b'220', b'220']\n421 4.7.0 Too many connections, try again later\nb'250'\n221\nb'220'\n")
        }
    }
}
