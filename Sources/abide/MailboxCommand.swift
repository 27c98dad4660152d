import AbideCore
import AbideDesk
import ArgumentParser
import Foundation

struct Mailbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Mailboxes that the desk fetches from, as the page of administration has them.", subcommands: [List.self, Add.self, Change.self, Try.self, Pause.self, Resume.self, Remove.self])

    /// A mailbox as commands print it.
    struct Line: Encodable {
        var id: Int64
        var address: String
        var move: String?
        var every: Int64
        var signsInWith: String
        var paused: Bool
        var readAt: String?
        var failingSince: String?
        var error: String?

        init(_ record: MailboxRecord) {
            id = record.id
            address = record.address
            move = record.move
            every = record.every
            signsInWith = record.hasGrant ? "oauth" : "password"
            paused = record.isPaused
            readAt = record.readAt?.rfc3339
            failingSince = record.failingSince?.rfc3339
            error = record.error
        }
    }

    static func open(_ store: StoreOptions, _ body: (Desk) async throws -> Void) async throws {
        try await speaking {
            var settings = DeskSettings(baseURL: "http://127.0.0.1:8080", isCommand: true)
            settings.probeMailbox = MailboxPolling.probe
            let desk = try await store.desk(deskSettings: settings)
            try await body(desk)
            try await desk.close()
        }
    }

    /// Prints it as it then is; exit code 69 where it can't be read.
    static func finish(_ desk: Desk, _ id: Int64, fault: String? = nil) async throws {
        try sayJSON(Line(try await desk.mailbox(id, for: .command)))
        if let fault { throw Stop("It is kept, and paused: \(fault)", code: 69) }
    }

    struct Settings: ParsableArguments {
        @Option(help: "The folder that is read. Default: INBOX.") var folder: String?
        @Option(help: "Where what was taken over is moved; without it, it is marked as seen.") var move: String?
        @Option(help: "Seconds between two looks. Default: 30.") var every: Int?
        @Option(help: "The server's port, where it is not the usual one.") var port: Int?
        @Flag(name: .customLong("starttls"), help: "Encrypted by STARTTLS instead of from the first byte.") var startTLS = false
        @Option(name: .customLong("ca-file"), help: "A certificate authority of your own, in PEM.") var authority: String?
        @Option(name: .customLong("token-url"), help: "OAuth 2: where tokens are asked for. The refresh token is then what comes on standard input.") var endpoint: String?
        @Option(name: .customLong("client-id"), help: "OAuth 2: as whom the desk is registered with the provider.") var client: String?

        /// What is given here, over what is there.
        func input(host: String, user: String, secret: String, over known: MailboxRecord? = nil) throws -> MailboxInput {
            var input = MailboxInput()
            input.host = host
            input.user = user
            input.folder = folder ?? known?.folder ?? ""
            input.move = move ?? known?.move ?? ""
            input.every = (every.map(Int64.init) ?? known?.every).map { String($0) } ?? ""
            input.port = (port ?? known?.port).map { String($0) } ?? ""
            input.isWrapped = startTLS ? false : known?.isWrapped ?? true
            input.authority = known?.authority ?? ""
            if let authority {
                guard let text = try? String(contentsOfFile: authority, encoding: .utf8) else { throw Stop("--ca-file \(authority): can't be read.", code: 66) }
                input.authority = text
            }
            input.hasGrant = endpoint != nil || known?.hasGrant == true
            if input.hasGrant {
                input.endpoint = endpoint ?? ""
                input.client = client ?? ""
                input.refreshToken = secret
            } else { input.password = secret }
            return input
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints all of them as JSON Lines.")
        @OptionGroup var store: StoreOptions
        func run() async throws { try await Mailbox.open(store) { desk in for one in try await desk.mailboxes(for: .command) { try sayJSON(Line(one)) } } }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sets one up, tries it, and prints it; its password is read from standard input.", discussion: "Exit code 69 when it can't be read: it is then kept and paused.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The server, as imap.example.com.") var host: String
        @Argument(help: "The name with which one signs in there.") var user: String
        @OptionGroup var settings: Settings

        func run() async throws {
            try await Mailbox.open(store) { desk in
                let (id, fault) = try await desk.putMailbox(nil, try settings.input(host: host, user: user, secret: readLine() ?? ""), by: .command)
                try await Mailbox.finish(desk, id, fault: fault)
            }
        }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Changes one, tries it, and prints it; what is not named stays.", discussion: "Exit code 69 when it can't be read: it is then kept and paused.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "Its number, as the list has it.") var id: Int64
        @Option(help: "Another server.") var host: String?
        @Option(help: "Another name to sign in with.") var user: String?
        @Flag(name: .customLong("password-stdin"), help: "Reads another password, or refresh token, from standard input.") var readsSecret = false
        @OptionGroup var settings: Settings

        func run() async throws {
            try await Mailbox.open(store) { desk in
                let known = try await desk.mailbox(id, for: .command)
                let secret = readsSecret ? readLine() ?? "" : ""
                let (_, fault) = try await desk.putMailbox(id, try settings.input(host: host ?? known.host, user: user ?? known.user, secret: secret, over: known), by: .command)
                try await Mailbox.finish(desk, id, fault: fault)
            }
        }
    }

    struct Try: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "try", abstract: "Looks into one and takes nothing; prints how many messages lie there. Exit code 69 when it can't be read.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "Its number, as the list has it.") var id: Int64

        func run() async throws {
            try await Mailbox.open(store) { desk in
                switch try await desk.tryMailbox(id, by: .command) {
                case .success(let found): say("\(found.messages) messages, \(found.unseen) unseen")
                case .failure(let fault): throw Stop("It can't be read: \(fault.description)", code: 69)
                }
            }
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Looks into it no more until it is resumed.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "Its number, as the list has it.") var id: Int64
        func run() async throws {
            try await Mailbox.open(store) { desk in
                try await desk.pauseMailbox(id, true, by: .command)
                try await Mailbox.finish(desk, id)
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Goes on looking into one that was paused.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "Its number, as the list has it.") var id: Int64
        func run() async throws {
            try await Mailbox.open(store) { desk in
                try await desk.pauseMailbox(id, false, by: .command)
                try await Mailbox.finish(desk, id)
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forgets one, with its password and how far it was read. What was taken over stays.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "Its number, as the list has it.") var id: Int64
        func run() async throws { try await Mailbox.open(store) { try await $0.removeMailbox(id, by: .command) } }
    }
}

struct Department: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Who works in which department; which there are, and what comes to them, stands in the agreement.", subcommands: [List.self, Add.self, Remove.self])

    struct Line: Encodable {
        var name: String
        var leads: [String]
        var people: [String]
        var byTheAgreement: [String]
    }

    private static func list(_ desk: Desk) async throws {
        for one in try await desk.departments(for: .command) {
            try sayJSON(Line(name: one.name, leads: one.leads.map(\.brief.email), people: one.people.map(\.brief.email), byTheAgreement: one.terms.map { "\($0.clause): \($0.text)" }))
        }
    }

    private static func put(_ store: StoreOptions, _ email: String, _ department: String?, leads: Bool?) async throws {
        try await speaking {
            let desk = try await store.desk()
            guard let found = try await desk.allPeople().first(where: { $0.brief.email == email.lowercased() }) else { throw Stop("There is no account with the address \(email).") }
            try await desk.setDepartment(of: found.brief.id, department, leads: leads, by: .command)
            try await list(desk)
            try await desk.close()
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints all departments as JSON Lines: their people, their leads, and what the agreement says of them.")
        @OptionGroup var store: StoreOptions
        func run() async throws {
            try await speaking {
                let desk = try await store.desk()
                try await Department.list(desk)
                try await desk.close()
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Puts somebody of the staff into a department, and prints all departments.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The department's name.") var department: String
        @Argument(help: "The person's e-mail address.") var email: String
        @Flag(inversion: .prefixedNo, help: "The person leads it; with --no-lead they only work in it. Without either that stays as it is.") var lead: Bool?
        func run() async throws { try await Department.put(store, email, department, leads: lead) }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Takes somebody out of their department, and prints all departments.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The person's e-mail address.") var email: String
        func run() async throws { try await Department.put(store, email, nil, leads: nil) }
    }
}
