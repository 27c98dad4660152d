import AbideCore
import AbideDesk
import AbideMail
import Foundation
import Logging
import ServiceLifecycle

/// Looks into one mailbox again and again; a look that fails is noted, and the next comes later.
enum MailboxPolling {
    /// One look that takes nothing.
    @Sendable static func probe(_ access: MailboxAccess) async throws -> (found: MailboxFound, renewed: MailboxGrant?) {
        let (mailbox, renewed) = try await IMAPMailbox.open(access)
        return (try await mailbox.trial(), renewed)
    }

    static func run(_ mailbox: IMAPMailbox, _ desk: Desk, wake: Signal, _ logger: Logger) async {
        var failures: Int64 = 0
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do {
                try await look(mailbox, desk, wake)
                failures = 0
            } catch {
                failures += 1
                do { try await desk.noteMailSource(mailbox.description, failed: "\(error)") } catch { logger.error("the state of a mailbox could not be kept", metadata: ["mailbox": "\(mailbox)", "error": "\(error)"]) }
            }
            // A server that is away is asked less and less often, but at least every five minutes.
            let pause = min(300, mailbox.every << min(8, max(0, failures - 1)))
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(pause)) }
        }
    }

    /// Those that administrators set up: whichever node is free looks into one that is due.
    static func runDue(_ desk: Desk, wake: Signal, _ logger: Logger) async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                do {
                    for task in try await desk.dueMailboxes() {
                        group.addTask {
                            var failed = false
                            do {
                                let (mailbox, renewed) = try await IMAPMailbox.open(task.access)
                                if let renewed { try await desk.keepGrant(renewed, of: task) }
                                try await look(mailbox, desk, wake)
                            } catch {
                                failed = true
                                do { try await desk.noteMailSource(task.access.address, failed: "\(error)") } catch { logger.error("the state of a mailbox could not be kept", metadata: ["mailbox": "\(task.access.address)", "error": "\(error)"]) }
                            }
                            do { try await desk.finishMailbox(task, failed: failed) } catch { logger.error("a mailbox could not be given back", metadata: ["mailbox": "\(task.access.address)", "error": "\(error)"]) }
                        }
                    }
                } catch { logger.error("the mailboxes that are due could not be read", metadata: ["error": "\(error)"]) }
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) }
            }
            group.cancelAll()
        }
    }

    private static func look(_ mailbox: IMAPMailbox, _ desk: Desk, _ wake: Signal) async throws {
        let last = try await desk.mailPosition(mailbox.description).map { IMAPMailbox.Position(validity: $0.validity, uid: $0.uid) }
        let position = try await mailbox.poll(after: last) { message, position in
            try await desk.receive(
                message.raw, from: MailReader.reversePath(of: message.raw), source: mailbox.description, validity: position.validity, uid: position.uid, receivedAt: message.receivedAt)
            wake.ring()
        }
        try await desk.noteMailSource(mailbox.description, validity: position.validity, uid: position.uid)
    }
}
