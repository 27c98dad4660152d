import AbideStore

extension Desk {
    /// Reads the words of tickets that have new ones, some hundred at most: called before each search and now and then, off the way of the writes.
    /// - Returns: how many tickets.
    @discardableResult
    package func indexForSearch(limit: Int = 200) async throws -> Int {
        guard try await db.read({ try $0.hasUnsearched() }) else { return 0 }
        // Nobody waits for it but who searches.
        return try await db.write(each: [{ @Sendable session in try session.indexForSearch(limit: limit) }]).first?.get() ?? 0
    }
}
