import AbideCore
import AbideDesk
import ArgumentParser
import Foundation

struct Clock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Questions of working time.",
        subcommands: [
            Batch.self,
            ClockExplain.self,
        ])

    struct Batch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Answers questions of working time: JSON Lines in, JSON Lines out, in the same order.",
            discussion: """
                Operations: add (start, seconds), addDays (start, days, mode: rolling or endOfDay), between (start, end).
                  {"id":"x1","zone":"America/Chicago","week":{"mon":[["08:00","17:00"]]},"op":"add","start":"2026-03-09T14:00:00Z","seconds":7200}
                answers
                  {"id":"x1","due":"2026-03-09T16:00:00Z"}
                Optional: holidays (a list of dates, or a named set: \(HolidayRules.names.joined(separator: ", "))), exceptions, suspended, nominalDay.
                A line that makes no sense answers with "error", and the run goes on.
                """)

        func run() async throws {
            let zones = ZoneFiles()
            let batch = ClockBatch(rules: zones.rules)
            var lines = StandardInputLines()
            while let some = lines.next() {
                var answers: [UInt8] = []
                for line in some {
                    answers.append(contentsOf: batch.answer(to: line).utf8)
                    answers.append(UInt8(ascii: "\n"))
                }
                try FileHandle.standardOutput.write(contentsOf: Data(answers))
            }
        }
    }
}

/// Standard input, line by line, as it comes in.
private struct StandardInputLines {
    private var rest: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)
    private var isAtEnd = false

    /// The lines that are complete after the next read; nil at the end.
    mutating func next() -> [ArraySlice<UInt8>]? {
        while !isAtEnd {
            let count = read(0, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 {
                isAtEnd = true
                return rest.isEmpty ? nil : [rest[...]]
            }
            rest.append(contentsOf: chunk[..<count])
            guard chunk[..<count].contains(UInt8(ascii: "\n")) else { continue }
            var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            rest = Array(lines.removeLast())
            return lines
        }
        return nil
    }
}
