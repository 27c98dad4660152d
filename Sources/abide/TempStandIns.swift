import ArgumentParser
struct MailParse: AsyncParsableCommand { static let configuration = CommandConfiguration(commandName: "parse") }
enum SendResult { case sent; case tryAgain(code: Int, text: String); case failed(code: Int, text: String) }
struct Relay: Sendable { init(url: String) throws {}; func send(from: String, to: String, message: [UInt8]) async -> SendResult { .sent } }
