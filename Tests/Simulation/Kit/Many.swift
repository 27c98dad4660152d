package struct SeedResult: Sendable {
    package var seed: UInt64
    package var result: Result<Outcome, any Error>
}

/// Runs a quarter for each seed, `jobs` at a time; each is told of as it ends.
package func simulate(_ seeds: ClosedRange<UInt64>, jobs: Int, trace: Bool = false, told: (SeedResult) -> Void = { _ in }) async -> [SeedResult] {
    await withTaskGroup(of: SeedResult.self) { group in
        var next = seeds.makeIterator()
        var results: [SeedResult] = []
        func start() {
            guard let seed = next.next() else { return }
            group.addTask {
                do { return SeedResult(seed: seed, result: .success(try await Simulation(seed: seed, trace: trace).run())) } catch { return SeedResult(seed: seed, result: .failure(error)) }
            }
        }
        for _ in 0..<jobs { start() }
        for await result in group {
            told(result)
            results.append(result)
            start()
        }
        return results.sorted { $0.seed < $1.seed }
    }
}
