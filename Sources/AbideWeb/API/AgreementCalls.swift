import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

extension APITable {
    private static let list = "/api/v1/agreements"
    private static let one = "/api/v1/agreements/{digest}"

    /// Versions of agreements: read, stored, put in force, accepted (O2, O4).
    static let agreementCalls: [Operation] = [
        Operation(
            method: .get, path: list, id: "listAgreements", summary: "Versions of agreements, from when they are in force for whom, and who accepted them. A contact reads those of its client.",
            clause: "O4", schema: "AgreementVersionList"
        ) { call in
            let views = try await call.desk.agreementViews(for: call.person)
            return items { json in
                for view in views {
                    json.next()
                    write(view, whole: false, into: &json)
                }
            }
        },
        Operation(
            method: .get, path: "/api/v1/agreement-events", id: "listAgreementEvents", summary: "What happened to agreements: put in force, for whom, accepted, by whom and when.", clause: "O2",
            schema: "AgreementEventList"
        ) { call in
            let events = try await call.desk.agreementEvents(for: call.person)
            return items { json in
                for event in events {
                    json.next()
                    json.open()
                    json.put("type", event.kind.rawValue)
                    json.put("digest", event.digest)
                    json.key("client")
                    write(event.client, into: &json)
                    json.put("occurredAt", event.occurredAt)
                    json.put("recordedAt", event.recordedAt)
                    json.put("by", event.actor)
                    json.put("sentence", event.sentence)
                    json.close()
                }
            }
        },
        Operation(
            method: .post, path: list, id: "storeAgreement", summary: "Store a version; it is in force for nobody until it is put in force. A base can be standard.yaml.", clause: "O1",
            permission: [.manageAgreements],
            body: [Field("text", .text(1_048_576, blank: false), required: true, "The agreement file, as YAML; every fault is named with line and column.")], status: 201, schema: "AgreementVersion"
        ) { call in
            do {
                let agreement = try await call.desk.putAgreement(yaml: call.input.text("text") ?? "", fileName: "text")
                return .json(try await version(agreement.terms.digest, call))
            } catch let faults as AgreementFaults { throw Refusal.input("text", Phrase(asIs: faults.description)) }
        },
        Operation(method: .get, path: one, id: "getAgreement", summary: "A version with its text.", clause: "O4", schema: "AgreementVersion") { call in .json(try await version(call.digest, call)) },
        Operation(
            method: .get, path: one + "/differences", id: "compareAgreements", summary: "What differs in this version, in words.", clause: "O1",
            query: [Field("from", .text(64, blank: false), required: true, "The digest of the version to compare with.")], schema: "AgreementDifferences"
        ) { call in
            guard let from = call.query("from") else { throw Refusal.input("from", "This is required: the digest of the version to compare with.") }
            let (old, new) = (try await call.desk.agreementView(digest: from, for: call.person), try await call.desk.agreementView(digest: call.digest, for: call.person))
            var json = JSON()
            json.open()
            json.put("lines", AgreementDiff.lines(from: old.agreement.terms, to: new.agreement.terms))
            json.close()
            return .json(json)
        },
        Operation(
            method: .post, path: one + "/acceptance", id: "acceptAgreement", summary: "Accept this version for the own client: recorded with name and instant.", clause: "O4",
            permission: [.acceptAgreement], body: [], status: 201, schema: "AgreementVersion"
        ) { call in
            _ = try await call.desk.accept(agreement: call.digest, by: call.person)
            return .json(try await version(call.digest, call))
        },
        Operation(
            method: .put, path: one + "/force", id: "putAgreementInForce", summary: "Put this version in force for all clients without an agreement of their own; running tickets stay with theirs.", clause: "O2",
            permission: [.manageAgreements], body: [from], schema: "AgreementVersion"
        ) { call in
            let digest = try await call.desk.agreementView(digest: call.digest, for: call.person).digest
            try await call.desk.putInForce(digest: digest, client: nil, from: call.input.instant("from"), actor: call.person.name)
            return .json(try await version(digest, call))
        },
        Operation(
            method: .get, path: one + "/routing", id: "tryRouting", summary: "Where the tickets of the past would have gone under this version's routing rules; touches nothing.",
            permission: [.manageAgreements], schema: "RoutingTrials"
        ) { call in
            let terms = try await call.desk.agreementView(digest: call.digest, for: call.person).agreement.terms
            return .json(routing(try await call.desk.tryRouting(terms)))
        },
        Operation(method: .get, path: "/api/v1/clients/{id}/agreement", id: "getClientAgreement", summary: "The agreement that is in force for a client.", clause: "O4", schema: "ClientAgreement") { call in
            .json(try await clientAgreement(call, from: nil))
        },
        Operation(
            method: .put, path: "/api/v1/clients/{id}/agreement", id: "putClientAgreement", summary: "Give a client an agreement of its own, or with null the one for all again.", clause: "O4",
            permission: [.manageAgreements], body: [Field("digest", .textOrNull, "The digest of a stored version."), from], schema: "ClientAgreement"
        ) { call in
            guard call.input.has("digest") else { throw Refusal.input("digest", "This is required: the digest of a stored version, or null for the agreement for all.") }
            var digest: String?
            if let text = call.input.text("digest") { digest = try await call.desk.agreementView(digest: text, for: call.person).digest }
            let begins = try await call.desk.putInForce(digest: digest, client: Int64(call.number), from: call.input.instant("from"), actor: call.person.name)
            return .json(try await clientAgreement(call, from: begins))
        },
        Operation(
            method: .put, path: "/api/v1/clients/{id}/entitlements", id: "putEntitlement", summary: "Set a fact of the client's record that its agreement names; null takes it back.", clause: "M1",
            permission: [.manageAgreements],
            body: [Field("name", .text(40, blank: false), required: true, "The fact's name."), Field("value", .textOrNull, "One of the fact's values, or null.")], schema: "ClientAgreement"
        ) { call in
            _ = try await call.desk.clientAgreement(Int64(call.number), for: call.person)
            try await call.desk.entitle(client: Int64(call.number), name: call.input.text("name") ?? "", value: call.input.text("value"))
            return .json(try await clientAgreement(call, from: nil))
        },
    ]

    private static let from = Field("from", .instant, "From when on; left out: from the date that the version itself names, or now.")

    private static func items(_ write: (inout JSON) -> Void) -> Reply {
        var json = JSON(capacity: 4096)
        json.open()
        json.key("items")
        json.openList()
        write(&json)
        json.closeList()
        json.key("next")
        json.null()
        json.close()
        return .json(json)
    }

    private static func version(_ digest: String, _ call: Call) async throws -> JSON {
        var json = JSON(capacity: 8192)
        write(try await call.desk.agreementView(digest: digest, for: call.person), whole: true, into: &json)
        return json
    }

    private static func write(_ client: ClientName?, into json: inout JSON) {
        guard let client else { return json.null() }
        json.open()
        json.put("id", client.id)
        json.put("name", client.name)
        json.close()
    }

    private static func write(_ view: AgreementView, whole: Bool, into json: inout JSON) {
        let terms = view.agreement.terms
        json.open()
        json.put("name", terms.name)
        json.put("version", Int64(terms.version))
        json.put("digest", terms.digest)
        json.put("storedAt", view.storedAt)
        json.key("uses")
        json.openList()
        for use in view.uses {
            json.next()
            json.open()
            json.key("client")
            write(use.client, into: &json)
            json.put("from", use.from)
            json.put("until", use.until)
            json.put("recordedAt", use.recordedAt)
            json.put("by", use.actor)
            json.close()
        }
        json.closeList()
        json.key("acceptances")
        json.openList()
        for consent in view.acceptances {
            json.next()
            json.open()
            json.key("client")
            write(consent.client, into: &json)
            json.put("by", consent.personName)
            json.put("acceptedAt", consent.acceptedAt)
            json.close()
        }
        json.closeList()
        if whole {
            json.put("text", view.text)
            json.put("sources", view.sources)
        }
        json.close()
    }

    private static func clientAgreement(_ call: Call, from: Instant?) async throws -> JSON {
        let client = try await call.desk.clientAgreement(Int64(call.number), for: call.person)
        var json = JSON()
        json.open()
        json.key("client")
        write(client.client, into: &json)
        json.put("isOwn", client.isOwn)
        json.key("agreement")
        TicketJSON.agreement(client.agreement.terms, into: &json)
        json.put("from", from)
        json.put("entitlements", client.entitlements)
        json.close()
        return json
    }

    private static func routing(_ trials: [RoutingTrial]) -> JSON {
        var json = JSON(capacity: 8192)
        json.open()
        json.put("tickets", Int64(trials.count))
        json.put("changed", Int64(trials.count { !$0.isSame }))
        json.key("items")
        json.openList()
        for trial in trials {
            json.next()
            json.open()
            json.put("ref", trial.ref)
            json.put("subject", trial.subject)
            json.put("was", trial.was)
            json.put("department", trial.route.department)
            json.put("assignee", trial.route.assignee)
            json.put("tags", trial.route.tags)
            json.put("rules", trial.route.rules)
            json.close()
        }
        json.closeList()
        json.close()
        return json
    }
}
