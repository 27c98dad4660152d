extension Session {
    /// A setting or counter of the desk itself.
    package func meta(_ key: String) throws -> String? {
        try run("SELECT value FROM meta WHERE key = $1", [.text(key)]).first?.text(0)
    }

    package func setMeta(_ key: String, _ value: String) throws {
        try run("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", [.text(key), .text(value)])
    }

    /// All whose key begins so; the beginning holds no sign that LIKE reads as another.
    package func metas(_ beginning: String) throws -> [(key: String, value: String)] {
        try run("SELECT key, value FROM meta WHERE key LIKE $1 ORDER BY key", [.text(beginning + "%")]).map { ($0.text(0), $0.text(1)) }
    }

    package func removeMeta(_ key: String) throws { try run("DELETE FROM meta WHERE key = $1", [.text(key)]) }
}
