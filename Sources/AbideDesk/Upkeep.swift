package import AbideCore
import Synchronization

/// What this process does beside serving, and when it last went well: for the status page and the metrics.
package final class Upkeep: Sendable {
    package enum Kind: String, CaseIterable, Sendable { case backup, continuity, heads }

    package struct Note: Sendable, Hashable {
        /// The folder or file.
        package var place: String
        /// When it last went well; nil: not yet.
        package var doneAt: Instant?
        /// Why it did not, since then.
        package var error: String?

        package init(place: String, doneAt: Instant? = nil) {
            self.place = place
            self.doneAt = doneAt
        }
    }

    private let notes = Mutex<[Kind: Note]>([:])

    package var known: [Kind: Note] { notes.withLock { $0 } }

    /// It is to be done.
    /// - Parameter last: when an earlier process did it.
    package func expect(_ kind: Kind, at place: String, last: Instant?) { notes.withLock { $0[kind] = Note(place: place, doneAt: last) } }

    package func done(_ kind: Kind, at instant: Instant) {
        notes.withLock {
            $0[kind]?.doneAt = instant
            $0[kind]?.error = nil
        }
    }

    package func failed(_ kind: Kind, _ error: String) { notes.withLock { $0[kind]?.error = String(error.prefix(500)) } }
}
