/// Why something is not done: what did not happen, who can, under which clause, and what to do instead. The one home of these words.
package struct Refusal: Error, Hashable, Sendable {
    package enum Kind: String, Sendable {
        /// The reader may not know of it: as if it did not exist.
        case unknown
        case forbidden
        /// Not in this state.
        case state
        case input
        /// A stale version was named.
        case stale
    }

    package var kind: Kind
    /// What is wrong, in the language of who reads it at last.
    package var phrase: Phrase
    /// The clause of the agreement that refused it.
    package var clause: String?
    /// Wrong input by field name.
    package var faults: [String: Phrase]

    package init(_ kind: Kind, _ phrase: Phrase, clause: String? = nil, fields: [String: Phrase] = [:]) {
        self.kind = kind
        self.phrase = phrase
        self.clause = clause
        faults = fields
    }

    /// What is wrong, said for the present reader.
    package var detail: String {
        if faults.isEmpty { return phrase.text }
        return faults.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }.joined(separator: " ")
    }

    /// Wrong input by field name, said for the present reader.
    package var fields: [String: String] { faults.mapValues(\.text) }

    /// What is wrong, without the names of fields where it speaks of some.
    package var words: String { faults.isEmpty ? phrase.text : faults.sorted { $0.key < $1.key }.map(\.value.text).joined(separator: " ") }

    package static let unknownTicket = Refusal(.unknown, "There is no such ticket, or it is not yours to see.")

    package static func input(_ field: String, _ problem: Phrase) -> Refusal { Refusal(.input, Phrase(asIs: ""), fields: [field: problem]) }

    package static func input(_ fields: [String: Phrase]) -> Refusal { Refusal(.input, Phrase(asIs: ""), fields: fields) }

    package static func role(_ role: Role, may words: Phrase, clause: String? = nil) -> Refusal {
        Refusal(.forbidden, "Your role (\(role.phrase)) does not allow this. \(words)", clause: clause)
    }

    package static func notLogger(_ logger: String) -> Refusal {
        logger.isEmpty
            ? Refusal(.forbidden, "This ticket is not closed. Only the person who logged it or the service manager can close it.", clause: "N1")
            : Refusal(.forbidden, "This ticket is not closed. Only \(logger), who logged it, or the service manager can close it.", clause: "N1")
    }

    package static let closedAlready = Refusal(.state, "This ticket is closed. Reopen it first; that is possible at any time.", clause: "N4")
    package static let notLogged = Refusal(.state, "This ticket is not yet correctly logged: supply what is missing, or declare it complete with a reason.", clause: "A5")
    package static let loggedAlready = Refusal(.state, "This ticket is correctly logged already; its clocks run since then.", clause: "A5")
    package static let resolvedAlready = Refusal(.state, "This ticket is resolved already.")
    package static let notResolved = Refusal(.state, "This ticket is not resolved, so there is no resolution to withdraw.")
    package static let notClosed = Refusal(.state, "This ticket is open. Only one that is resolved or closed can be reopened.", clause: "N4")
    package static let noSuspension = Refusal(.unknown, "No such suspension runs on this ticket.", clause: "C6")
    package static let noProposal = Refusal(.unknown, "There is no such proposal on this ticket.", clause: "C3")
    package static let noGrant = Refusal(.unknown, "No such access is granted on this ticket.", clause: "L5")
    package static let noQuote = Refusal(.unknown, "There is no such quote on this ticket.", clause: "M5")
    package static let noComplaint = Refusal(.state, "There is no complaint on this ticket that waits for an answer.", clause: "D3")
}
