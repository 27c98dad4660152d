import Synchronization

/// Wakes a worker: a ring before the wait is not lost.
final class Signal: Sendable {
    private struct State {
        var rung = false
        var waiter: CheckedContinuation<Void, Never>?
        var round = 0
    }

    private let state = Mutex(State())

    func ring() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiter = state.waiter else {
                state.rung = true
                return nil
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    /// Until the next ring, or so long.
    func wait(milliseconds: Int) async {
        let alarm = Task {
            try await Task.sleep(for: .milliseconds(milliseconds))
            ring()
        }
        await withCheckedContinuation { continuation in
            let now = state.withLock { state -> Bool in
                if state.rung {
                    state.rung = false
                    return true
                }
                state.waiter = continuation
                return false
            }
            if now { continuation.resume() }
        }
        alarm.cancel()
    }
}
