/// Comma-separated values (RFC 4180), both ways.
enum CSVText {
    static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") }

    /// What a spreadsheet would take for a formula begins with an apostrophe: texts come from outside. A number is none.
    private static func cell(_ text: String) -> String {
        var text = text
        if let first = text.first, "=+-@\t\r".contains(first), Int64(text) == nil { text = "'" + text }
        guard text.contains(where: { ",\"\r\n".contains($0) || $0 == "\r\n" }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    /// Rows of cells, each row with the line that it begins in; the apostrophe that `line` puts in front is taken off. Semicolons divide as well
    /// where the first line has them and no comma, as some spreadsheets write.
    static func parse(_ text: String) -> [(line: Int, cells: [String])] {
        let first = text.prefix { !$0.isNewline }
        let divider: Character = first.contains(";") && !first.contains(",") ? ";" : ","
        var rows: [(line: Int, cells: [String])] = []
        var cells: [String] = [], cell = "", isQuoted = false, line = 1, start = 1
        var characters = text.makeIterator()
        var next = characters.next()
        func endCell() {
            if let first = cell.first, first == "'", let second = cell.dropFirst().first, "=+-@\t".contains(second) { cell.removeFirst() }
            cells.append(cell)
            cell = ""
        }
        func endRow() {
            endCell()
            if cells != [""] { rows.append((start, cells)) }
            cells = []
        }
        while let character = next {
            next = characters.next()
            if isQuoted {
                if character == "\"", next == "\"" {
                    cell.append("\"")
                    next = characters.next()
                } else if character == "\"" {
                    isQuoted = false
                } else {
                    if character.isNewline { line += 1 }
                    cell.append(character)
                }
            } else if character == "\"", cell.isEmpty {
                isQuoted = true
            } else if character == divider {
                endCell()
            } else if character.isNewline {
                endRow()
                line += 1
                start = line
            } else {
                cell.append(character)
            }
        }
        if !cell.isEmpty || !cells.isEmpty { endRow() }
        return rows
    }
}
