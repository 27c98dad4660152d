import AbideFuzzing
import AbideTestKit
import Glibc
import Testing

@Suite("Parsers on what nobody would write")
struct FuzzTests {
    @Test("S28 every parser keeps its promises on seeded mutations", arguments: FuzzTarget.allCases)
    func mutations(target: FuzzTarget) {
        for seed in target.seeds { target.take(seed) }
        target.take([])
        // The agreement's file is big and its checks many: fewer of them take as long.
        for number in 0..<(target == .agreement ? 30 : 400) { target.take(target.mutated(UInt64(number))) }
    }

    @Test("S28 a mail cut at any place is read", arguments: [0, 1, 2])
    func cut(number: Int) {
        let mail = FuzzTarget.mail.seeds[number]
        for end in stride(from: 0, to: mail.count, by: 3) { FuzzTarget.mail.take(Array(mail[..<end])) }
    }

    @Test("S28 twice the input takes at most some twice the time", arguments: FuzzTarget.allCases.filter { ![.agreement, .zone].contains($0) })
    func linear(target: FuzzTarget) {
        let unit = target.seeds[0]
        func seconds(_ times: Int) -> Double {
            let bytes = Array(repeatElement(unit, count: times).joined())
            return (0..<3).map { _ in
                let start = processorSeconds()
                target.take(bytes)
                return processorSeconds() - start
            }.min() ?? 0
        }
        let count = max(1, 60_000 / unit.count)
        let (one, four) = (seconds(count), seconds(4 * count))
        // 2.5 for a doubling, twice; below some milliseconds the machine's noise is larger than what is measured.
        #expect(four < max(0.05, one * 6.25), "\(target): \(one) s and \(four) s")
    }

    /// Of this thread: other tests run beside it.
    private func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
