extension Session {
    /// A setting or counter of the desk itself.
    package func meta(_ key: String) throws -> String? {
        try run("SELECT value FROM meta WHERE key = $1", [.text(key)]).first?.text(0)
    }

    package func setMeta(_ key: String, _ value: String) throws {
        try run("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", [.text(key), .text(value)])
    }
}
