import ArgumentParser

@main
struct AbideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abide",
        abstract: "The support desk whose agreement runs itself.",
        version: abideVersion,
        subcommands: [
            Serve.self,
            Mail.self,
            Agreement.self,
            Backup.self,
            Restore.self,
            Migrate.self,
            Continuity.self,
            Verify.self,
            Report.self,
            User.self,
            Client.self,
            Department.self,
            Mailbox.self,
            Retention.self,
            Token.self,
            Demo.self,
            Clock.self,
            BenchBareCommand.self,
            BenchClockCommand.self, BenchMailCommand.self,
        ])
}

let abideVersion = "0.1.0"
