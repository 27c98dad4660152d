import AbideCore
import AbideDesk
import ArgumentParser

/// `abide client agreement …`: which agreement a client has, and what its record says for it.
struct ClientAgreementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement", abstract: "Shows or sets a client's agreement.",
        discussion: """
            Without a file it prints what is in force. With a file the client has an agreement of its own from then on; with --shared the
            one for all again. Running tickets stay with their version.
            """)

    @Argument(help: "The client's name.") var name: String
    @Argument(help: "The agreement file; it can be based on another one.", completion: .file(extensions: ["yaml", "yml"])) var file: String?
    @OptionGroup var store: StoreOptions
    @Option(help: ArgumentHelp("From the beginning of this day on, in the provider's zone; else from the date that the file names, or now.", valueName: "yyyy-mm-dd")) var from: String?
    @Flag(help: "No longer an agreement of its own, from now on.") var shared = false
    @Option(name: .customLong("fact"), help: ArgumentHelp("A fact of the client's record that its agreement names; an empty value takes it back.", valueName: "name=value")) var facts: [String] = []

    private struct Answer: Encodable {
        var client: String
        var isOwn: Bool
        var name: String
        var version: Int
        var digest: String
        var entitlements: [String: String]
    }

    func run() async throws {
        try await speaking {
            if shared, file != nil { throw Stop("Either a file or --shared.", code: 64) }
            if from != nil, file == nil { throw Stop("--from goes with a file.", code: 64) }
            let desk = try await store.desk()
            if let file {
                try sayJSON(try await Agreement.putInForce(file, client: name, from: from, desk))
            } else if shared {
                try await desk.putInForce(digest: nil, client: try await desk.clientID(named: name), actor: "abide client agreement")
            }
            for fact in facts {
                let parts = fact.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 2 else { throw Stop("--fact \(fact): expected NAME=VALUE.", code: 64) }
                try await desk.entitle(client: try await desk.clientID(named: name), name: parts[0], value: parts[1].isEmpty ? nil : parts[1])
            }
            if file == nil {
                let client = try await desk.clientAgreement(named: name)
                let terms = client.agreement.terms
                try sayJSON(Answer(client: client.client.name, isOwn: client.isOwn, name: terms.name, version: terms.version, digest: terms.digest, entitlements: client.entitlements))
            }
            try await desk.close()
        }
    }
}
