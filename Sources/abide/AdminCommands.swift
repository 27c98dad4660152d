import AbideCore
import AbideDesk
import ArgumentParser
import Foundation

struct User: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Accounts.", subcommands: [Create.self, EraseCommand.self, ExportCommand.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes an account and prints it as JSON.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The e-mail address, which is the user name.") var email: String
        @Option(help: "The person's name.") var name: String
        @Option(help: ArgumentHelp("One of \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")) var role: String
        @Option(help: "The client whose contact this is.") var client: String?
        @Option(help: "Telephone number.") var phone: String?
        @Option(help: "Department, for staff.") var department: String?
        @Flag(help: "The client's primary contact.") var primary = false
        @Flag(name: .customLong("stand-in"), help: "The client's stand-in contact.") var standIn = false
        @Flag(name: .customLong("password-stdin"), help: "Reads the password from standard input.") var passwordStdin = false

        private struct Answer: Encodable {
            var id: Int64
            var email: String
            var name: String
            var role: String
            var client: String?
        }

        func run() async throws {
            try await speaking {
                guard var role = Role(rawValue: role) else { throw Stop("--role \(self.role): one of \(Role.allCases.map(\.rawValue).joined(separator: ", ")).", code: 64) }
                if primary { role = .primaryContact }
                if standIn { role = .standIn }
                var hash: String?
                let desk = try await store.desk()
                if passwordStdin {
                    let password = (readLine(strippingNewline: true) ?? "")
                    guard password.utf8.count >= 8, password.utf8.count <= Passwords.longest else { throw Stop("The password on standard input must have 8 to \(Passwords.longest) bytes.", code: 64) }
                    hash = try await desk.passwords.hash(password)
                }
                let person = try await desk.createPerson(email: email, name: name, role: role, client: client, phone: phone, department: department, passwordHash: hash)
                try sayJSON(Answer(id: person.id, email: person.email, name: person.name, role: person.role.rawValue, client: client))
                try await desk.close()
            }
        }
    }
}

struct Client: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Client organisations.", subcommands: [Create.self, ClientAgreementCommand.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes a client and prints it as JSON.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The client's name.") var name: String
        @Option(help: "The client's time zone, as America/Denver.") var zone: String?
        @Option(name: .customLong("subscription-until"), help: ArgumentHelp("Until when the subscription is paid.", valueName: "yyyy-mm-dd")) var subscriptionUntil: String?
        @Flag(name: .customLong("managed-hosting"), help: "The provider manages the hosting.") var managedHosting = false

        private struct Answer: Encodable {
            var id: Int64
            var name: String
            var zone: String?
        }

        func run() async throws {
            try await speaking {
                let until = try subscriptionUntil.map { text in
                    guard let instant = Instant(rfc3339: text + "T23:59:59Z") else { throw Stop("--subscription-until \(text): expected YYYY-MM-DD.", code: 64) }
                    return instant
                }
                let desk = try await store.desk()
                let client = try await desk.createClient(name: name, zone: zone, subscriptionUntil: until, managedHosting: managedHosting)
                try sayJSON(Answer(id: client.id, name: client.name, zone: client.zone))
                try await desk.close()
            }
        }
    }
}

struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Tokens of the API.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints a new token with a person's rights, good for a year; it is shown only once.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "Whose rights it carries.") var email: String
        @Option(help: "What it is for.") var label = "command line"

        func run() async throws {
            try await speaking {
                let desk = try await store.desk()
                say(try await desk.createToken(email: email, label: label))
                try await desk.close()
            }
        }
    }
}

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The demo company, and tickets for measuring.", subcommands: [Accounts.self, Generate.self], defaultSubcommand: Generate.self)

    struct Accounts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints the demo's accounts with their passwords as JSON Lines.")
        @OptionGroup var store: StoreOptions

        func run() async throws {
            try await speaking {
                let desk = try await store.desk()
                let accounts = try await desk.demoAccounts()
                guard !accounts.isEmpty else { throw Stop("This desk has no demo. `abide serve --demo` fills an empty one.") }
                for account in accounts { try say(line(account)) }
                try await desk.close()
            }
        }

        /// `client` stands there also when there is none.
        private func line(_ account: DemoAccount) throws -> String {
            func quoted(_ text: String) throws -> String {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.withoutEscapingSlashes]
                return String(decoding: try encoder.encode(text), as: UTF8.self)
            }
            let client = try account.client.map(quoted) ?? "null"
            return try "{\"role\":\(quoted(account.role)),\"email\":\(quoted(account.email)),\"name\":\(quoted(account.name)),\"password\":\(quoted(account.password)),\"client\":\(client)}"
        }
    }

    struct Generate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "generate", abstract: "Makes tickets in different stages; fills an empty desk with the demo first.")
        @OptionGroup var store: StoreOptions
        @Option(help: "How many tickets.") var tickets: Int

        func run() async throws {
            try await speaking {
                guard tickets > 0, tickets <= 10_000_000 else { throw Stop("--tickets: a number from 1 to 10,000,000.", code: 64) }
                let desk = try await store.desk(mustExist: false)
                try await desk.fillWithDemo()
                let start = Date()
                try await desk.generate(tickets: tickets) { made in
                    if made % 5000 == 0 { complain("\(made) of \(tickets)") }
                }
                let seconds = Date().timeIntervalSince(start)
                let searched = Date()
                var words = 0
                while case let some = try await desk.indexForSearch(limit: 2000), some > 0 { words += some }
                complain("the words of \(words) tickets for the search in \(String(format: "%.1f", Date().timeIntervalSince(searched))) s")
                complain("\(tickets) tickets in \(String(format: "%.1f", seconds)) s, \(Int(Double(tickets) / max(seconds, 0.001))) a second")
                try await desk.close()
            }
        }
    }
}
