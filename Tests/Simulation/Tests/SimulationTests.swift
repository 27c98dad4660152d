import AbideSimulation
import Testing

@Suite struct SimulationTests {
    @Test("a quarter of a desk's life under faults keeps every law; a failing seed: make simulate SEEDS=N", arguments: [1, 2, 3] as [UInt64])
    func quarter(seed: UInt64) async throws {
        let outcome = try await Simulation(seed: seed).run()
        #expect(outcome.tickets >= 110 && outcome.events > 500 && outcome.comparisons > 500 && outcome.escalations > 0)
    }

    @Test("the same seed gives the same bytes")
    func again() async throws {
        let first = try await Simulation(seed: 4).run(), second = try await Simulation(seed: 4).run()
        #expect(first.digest == second.digest)
    }
}
