import NIOCore
import Synchronization

/// The open connections of a listener: counted against the limits, and found again when it stops.
final class Connections: Sendable {
    enum Admission { case welcome, full, stopping }

    private struct Open {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var perPeer: [String: Int] = [:]
        var stopping = false
    }

    private let open = Mutex(Open())
    private let unfinished = Atomic(0)
    private let limits: SMTPLimits

    init(limits: SMTPLimits) { self.limits = limits }

    func admit(_ channel: any Channel, peer: String) -> Admission {
        open.withLock { open in
            if open.stopping { return .stopping }
            let fromPeer = open.perPeer[peer, default: 0]
            // A mail server on the same machine hands in everybody's mail: only the whole limit holds for it.
            let local = peer.hasPrefix("127.") || peer == "::1"
            guard open.channels.count < limits.connections, local || fromPeer < limits.connectionsPerPeer else { return .full }
            open.channels[ObjectIdentifier(channel)] = channel
            open.perPeer[peer] = fromPeer + 1
            return .welcome
        }
    }

    func leave(_ channel: any Channel, peer: String) {
        open.withLock { open in
            guard open.channels.removeValue(forKey: ObjectIdentifier(channel)) != nil else { return }
            let left = (open.perPeer[peer] ?? 1) - 1
            open.perPeer[peer] = left > 0 ? left : nil
        }
    }

    /// Counts bytes of unfinished messages; false where all together are too many.
    func hold(_ change: Int) -> Bool {
        unfinished.wrappingAdd(change, ordering: .relaxed).newValue <= limits.unfinished || change <= 0
    }

    /// How long a connection may be idle now.
    var idleSeconds: Int64 {
        let count = open.withLock { $0.channels.count }
        return count * 4 > limits.connections * 3 ? min(limits.idleSeconds, limits.idleSecondsUnderStress) : limits.idleSeconds
    }

    /// From now on nobody is admitted; those that are open.
    func stop() -> [any Channel] {
        open.withLock { open in
            open.stopping = true
            return Array(open.channels.values)
        }
    }
}
