import AbideCore
import AbideDesk
import AbideStore
import ArgumentParser
import Foundation

struct User: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Accounts.", subcommands: [Create.self, List.self, Role.self, Language.self, Disable.self, Enable.self, Merge.self, Address.self, Reset.self, SecondFactor.self, EraseCommand.self, ExportCommand.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes an account, invites its owner by mail unless the password is given, and prints it as JSON.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The e-mail address, which is the user name.") var email: String
        @Option(help: "The person's name.") var name: String
        @Option(help: ArgumentHelp("One of \(AbideCore.Role.allCases.map(\.rawValue).joined(separator: ", ")).")) var role: String
        @Option(help: "The client whose contact this is.") var client: String?
        @Option(help: "Telephone number.") var phone: String?
        @Option(help: "Department, for staff.") var department: String?
        @Option(help: ArgumentHelp("The language of the pages: \(Languages.shipped.map(\.0).joined(separator: ", ")). Default: as the browser asks.")) var language: String?
        @Flag(help: "The client's primary contact.") var primary = false
        @Flag(name: .customLong("stand-in"), help: "The client's stand-in contact.") var standIn = false
        @Flag(name: .customLong("password-stdin"), help: "Reads the password from standard input.") var passwordStdin = false

        private struct Answer: Encodable {
            var id: Int64
            var email: String
            var name: String
            var role: String
            var client: String?
            /// Where no relay carries the invitation: the link to hand over.
            var invitation: String?
        }

        func run() async throws {
            try await speaking {
                guard var role = AbideCore.Role(rawValue: role) else { throw Stop("--role \(self.role): one of \(AbideCore.Role.allCases.map(\.rawValue).joined(separator: ", ")).", code: 64) }
                if primary { role = .primaryContact }
                if standIn { role = .standIn }
                var hash: String?
                let desk = try await store.desk()
                if passwordStdin {
                    let password = (readLine(strippingNewline: true) ?? "")
                    if let fault = PasswordRule.fault(password, about: [name, email]) { throw Stop("The password on standard input is not taken. \(fault.text)", code: 64) }
                    hash = try await desk.passwords.hash(password)
                }
                let owner = try await client.asyncMap { try await desk.clientID(named: $0) }
                let person = try await desk.addPerson(
                    PersonInput(email: email, name: name, role: role, client: owner, phone: phone ?? "", department: department, language: language), by: .command, passwordHash: hash).brief
                let link = try await desk.waitingLink(person.id, for: .command)
                try sayJSON(Answer(id: person.id, email: person.email, name: person.name, role: person.role.rawValue, client: client, invitation: link?.url))
                try await desk.close()
            }
        }
    }
}

extension User {
    /// An account as commands print it.
    struct Line: Encodable {
        var id: Int64
        var email: String
        var name: String
        var role: String
        var client: Int64?
        var department: String?
        var language: String?
        var disabled: Bool
        var invited: Bool

        init(_ record: PersonRecord) {
            id = record.brief.id
            email = record.brief.email
            name = record.brief.name
            role = record.brief.role.rawValue
            client = record.client
            department = record.department
            language = record.language
            disabled = record.disabled
            invited = !record.hasPassword
        }
    }

    /// Finds the account, does something with it, and prints it as it then is.
    static func change(_ store: StoreOptions, _ email: String, _ body: (Desk, PersonRecord) async throws -> Void) async throws {
        try await speaking {
            let desk = try await store.desk()
            guard let found = try await desk.allPeople().first(where: { $0.brief.email == email.lowercased() }) else { throw Stop("There is no account with the address \(email).") }
            try await body(desk, found)
            try sayJSON(Line(try await desk.personRecord(found.brief.id, for: .command)))
            try await desk.close()
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints all accounts as JSON Lines.")
        @OptionGroup var store: StoreOptions

        func run() async throws {
            try await speaking {
                let desk = try await store.desk()
                for person in try await desk.allPeople() { try sayJSON(Line(person)) }
                try await desk.close()
            }
        }
    }

    struct Role: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Gives an account another role, and for staff a department.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The e-mail address.") var email: String
        @Argument(help: ArgumentHelp("One of \(AbideCore.Role.allCases.map(\.rawValue).joined(separator: ", ")).")) var role: String
        @Option(help: "Department, for staff.") var department: String?

        func run() async throws {
            guard let role = AbideCore.Role(rawValue: role) else {
                complain("\(role): one of \(AbideCore.Role.allCases.map(\.rawValue).joined(separator: ", ")).")
                throw ExitCode(64)
            }
            try await User.change(store, email) { desk, person in
                try await desk.changePerson(
                    person.brief.id,
                    PersonInput(
                        email: person.brief.email, name: person.brief.name, role: role, client: person.client, phone: person.brief.phone, zone: person.zone,
                        department: department ?? person.department), by: .command)
            }
        }
    }

    struct Language: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sets the language in which the pages speak to somebody.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The e-mail address.") var email: String
        @Argument(help: ArgumentHelp("One of \(Languages.shipped.map(\.0).joined(separator: ", ")); browser: as the browser asks.")) var language: String

        func run() async throws {
            try await User.change(store, email) { desk, person in
                try await desk.changePerson(
                    person.brief.id,
                    PersonInput(
                        email: person.brief.email, name: person.brief.name, role: person.brief.role, client: person.client, phone: person.brief.phone, zone: person.zone, department: person.department,
                        language: language == "browser" ? "" : language), by: .command)
            }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Disables an account; its sessions and tokens end at once.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The e-mail address.") var email: String
        func run() async throws { try await User.change(store, email) { try await $0.setDisabled($1.brief.id, true, by: .command) } }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Enables a disabled account.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The e-mail address.") var email: String
        func run() async throws { try await User.change(store, email) { try await $0.setDisabled($1.brief.id, false, by: .command) } }
    }

    struct Merge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes one contact of two accounts that are one person; prints the one that is left without access.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The e-mail address of the account that goes.") var email: String
        @Option(help: "The e-mail address of the account that stays: it gets the tickets and addresses.") var into: String
        func run() async throws { try await User.change(store, email) { try await $0.mergeContact($1.brief.id, into: into, by: .command) } }
    }

    struct Address: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints a contact's further addresses, after adding or removing some: what comes from them is this person's.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The e-mail address of the account.") var email: String
        @Option(help: "A further address.") var add: [String] = []
        @Option(help: "One that is no longer this person's.") var remove: [String] = []

        func run() async throws {
            try await speaking {
                let desk = try await store.desk()
                guard let found = try await desk.allPeople().first(where: { $0.brief.email == email.lowercased() }) else { throw Stop("There is no account with the address \(email).") }
                for address in add { try await desk.addAddress(address, to: found.brief.id, by: .command) }
                for address in remove { try await desk.removeAddress(address, from: found.brief.id, by: .command) }
                for address in try await desk.furtherAddresses(found.brief.id, for: .command) { print(address) }
                try await desk.close()
            }
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sends a link for a new password, or the invitation again.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The e-mail address.") var email: String
        func run() async throws { try await User.change(store, email) { try await $0.resetAccess($1.brief.id, by: .command) } }
    }

    struct SecondFactor: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "remove-second-factor", abstract: "Takes an account's second factor away, for a lost telephone.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The e-mail address.") var email: String
        func run() async throws { try await User.change(store, email) { try await $0.removeSecondFactor($1.brief.id, by: .command) } }
    }
}

extension Optional {
    func asyncMap<T>(_ body: (Wrapped) async throws -> T) async rethrows -> T? {
        guard let self else { return nil }
        return try await body(self)
    }
}

struct Client: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Client organisations.", subcommands: [Create.self, List.self, Set.self, ClientAgreementCommand.self])

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

extension Client {
    struct Line: Encodable {
        var id: Int64
        var name: String
        var zone: String?
        var domains: [String]
        var shareTickets: Bool
        var managedHosting: Bool
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints all clients as JSON Lines.")
        @OptionGroup var store: StoreOptions

        func run() async throws {
            try await speaking {
                let desk = try await store.desk()
                for entry in try await desk.clientsForManaging(by: .command) {
                    try sayJSON(Line(id: entry.client.id, name: entry.client.name, zone: entry.client.zone, domains: entry.domains, shareTickets: entry.client.shareTickets, managedHosting: entry.client.managedHosting))
                }
                try await desk.close()
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Changes a client; what is not named stays.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The client's name.") var name: String
        @Option(help: "Another name.") var rename: String?
        @Option(help: "The client's time zone.") var zone: String?
        @Option(help: ArgumentHelp("Mail domains, separated by commas.", valueName: "domains")) var domains: String?
        @Option(name: .customLong("share-tickets"), help: ArgumentHelp("Do colleagues see each other's tickets?", valueName: "on|off")) var shareTickets: String?

        func run() async throws {
            try await speaking {
                if let shareTickets, !["on", "off"].contains(shareTickets) { throw Stop("--share-tickets \(shareTickets): on or off.", code: 64) }
                let desk = try await store.desk()
                let id = try await desk.clientID(named: name)
                let known = try await desk.clientForManaging(id, by: .command)
                let client = try await desk.putClient(
                    id,
                    ClientInput(
                        name: rename ?? known.client.name, zone: zone ?? known.client.zone ?? "UTC", subscriptionUntil: known.client.subscriptionUntil, managedHosting: known.client.managedHosting,
                        shareTickets: shareTickets.map { $0 == "on" } ?? known.client.shareTickets, domains: domains.map { $0.split(separator: ",").map(String.init) } ?? known.domains), by: .command)
                try sayJSON(Line(
                    id: client.id, name: client.name, zone: client.zone, domains: try await desk.clientForManaging(id, by: .command).domains, shareTickets: client.shareTickets, managedHosting: client.managedHosting))
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
                try await desk.db.analyse()
                complain("the words of \(words) tickets for the search in \(String(format: "%.1f", Date().timeIntervalSince(searched))) s")
                complain("\(tickets) tickets in \(String(format: "%.1f", seconds)) s, \(Int(Double(tickets) / max(seconds, 0.001))) a second")
                try await desk.close()
            }
        }
    }
}
