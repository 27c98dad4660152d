/// Finds what a person newly wrote in the text of a mail: without quotes, the line that introduces them, and the signature.
///
/// Works by lines and marks of the mail programs, in the languages they speak. Where it is in doubt it keeps text.
enum ReplyText {
    static func visible(in text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var kept: [String] = []
        var forwarded = false
        var index = 0
        while index < lines.count {
            let line = lines[index]
            let bare = line.trimming { $0.isWhitespace }
            if bare.hasPrefix(">") {
                index += 1
                continue
            }
            if let length = introduction(lines, index) {
                // With marks behind it only the marked lines go, so that answers between them stay; without marks all the rest is quoted.
                guard nextIsQuoted(lines, index + length) else { break }
                index += length
                continue
            }
            if bare == "--" || bare == "—" && line == "— " { break }
            if isSeparator(bare) {
                forwarded = isForward(bare)
                break
            }
            if isHeaderBlock(lines, index) { break }
            if bare.count >= 10, bare.allSatisfy({ $0 == "_" }), isHeaderBlock(lines, nextFilled(lines, index + 1)) { break }
            kept.append(line)
            index += 1
        }
        dropDeviceLines(&kept)
        let result = PlainText.tidy(kept)
        // Who only sends something on means what is in it.
        return result.isEmpty && forwarded ? PlainText.tidy(lines) : result
    }

    // MARK: "On … wrote:"

    private static let verbs = [
        "wrote", "writes", "schrieb", "a écrit", "escribió", "ha scritto", "schreef", "escreveu", "skrev", "napisał", "napisał(a)", "napísal", "napsal", "написал", "пишет", "kirjoitti",
        "yazdı", "írta", "a scris", "写道", "寫道", "が書きました", "のメール", "said",
    ]
    private static let openings = [
        "on ", "am ", "le ", "el ", "il ", "op ", "em ", "den ", "dne ", "dnia ", "w dniu ", "a ", "at ", "el día", "em ", "pe ", "vào ", "från ", "fra ", "il giorno ", "mensaje ", "quoting ",
    ]

    /// How many lines from here introduce a quote: up to three, since mail programs wrap them; nil where none does.
    private static func introduction(_ lines: [String], _ index: Int) -> Int? {
        let first = lines[index].trimming { $0.isWhitespace || $0 == "*" || $0 == "_" }
        guard !first.isEmpty else { return nil }
        var joined = ""
        for length in 1...3 where index + length <= lines.count {
            let line = lines[index + length - 1].trimming { $0.isWhitespace || $0 == "*" || $0 == "_" }
            guard !line.isEmpty, !line.hasPrefix(">") else { return nil }
            joined += (joined.isEmpty ? "" : " ") + line
            guard joined.count <= 400 else { return nil }
            guard let last = joined.last, last == ":" || last == "：" else { continue }
            let lower = joined.dropLast().lowercased().trimming { $0.isWhitespace || $0 == "\u{A0}" }
            guard let verb = verbs.first(where: { has(lower, word: $0) }) else { continue }
            let quotedNext = nextIsQuoted(lines, index + length)
            let dated = lower.contains { $0.isNumber }
            let exact = lower.contains("@") || lower.contains(/\d{1,2}[:.h]\d{2}/)
            let opened = openings.contains { lower.hasPrefix($0) } || lower.first?.isNumber == true
            // "Anna wrote:" before marked lines is enough; without marks it takes what no ordinary sentence has.
            if quotedNext && (opened || dated || lower.hasSuffix(verb) || lower.contains("@")) || (opened && dated && exact) { return length }
        }
        return nil
    }

    private static func has(_ text: String, word: String) -> Bool {
        guard let range = text.firstRange(of: word) else { return false }
        guard let first = word.first, first.isLetter, first.isASCII || first.unicodeScalars.first.map({ $0.value < 0x500 }) == true else { return true }
        let before = range.lowerBound > text.startIndex ? text[text.index(before: range.lowerBound)] : " "
        let after = range.upperBound < text.endIndex ? text[range.upperBound] : " "
        return !before.isLetter && !after.isLetter
    }

    private static func nextIsQuoted(_ lines: [String], _ index: Int) -> Bool {
        let next = nextFilled(lines, index)
        return next < lines.count && lines[next].trimming { $0.isWhitespace }.hasPrefix(">")
    }

    private static func nextFilled(_ lines: [String], _ index: Int) -> Int {
        var next = index
        while next < lines.count, lines[next].allSatisfy(\.isWhitespace) { next += 1 }
        return next
    }

    // MARK: Separators and header blocks

    private static let separatorWords = [
        "original message", "original appointment", "ursprüngliche nachricht", "originalnachricht", "ursprünglicher termin", "message d'origine", "message d’origine", "message original",
        "mensaje original", "messaggio originale", "oorspronkelijk bericht", "mensagem original", "ursprungligt meddelande", "oprindelig meddelelse", "opprinnelig melding",
        "alkuperäinen viesti", "wiadomość oryginalna", "původní zpráva", "исходное сообщение", "eredeti üzenet", "reply message", "antwort",
    ]
    private static let forwardWords = [
        "forwarded message", "weitergeleitete nachricht", "message transféré", "mensaje reenviado", "messaggio inoltrato", "doorgestuurd bericht", "mensagem encaminhada",
        "vidarebefordrat meddelande", "videresendt", "przekazana wiadomość", "begin forwarded message", "anfang der weitergeleiteten",
    ]

    private static func isSeparator(_ line: String) -> Bool {
        guard line.count <= 80 else { return false }
        let lower = line.lowercased()
        if lower == "begin forwarded message:" || lower.hasPrefix("anfang der weitergeleiteten") || lower.hasPrefix("début du message transféré") { return true }
        guard line.hasPrefix("--"), line.hasSuffix("--") else { return false }
        return (separatorWords + forwardWords).contains { lower.contains($0) }
    }

    private static func isForward(_ line: String) -> Bool {
        let lower = line.lowercased()
        return forwardWords.contains { lower.contains($0) } || lower.hasPrefix("début du message transféré")
    }

    private static let fromNames: Set<String> = ["from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "от", "feladó", "expéditeur", "mittente", "发件人", "差出人"]
    private static let dateNames: Set<String> = [
        "sent", "date", "gesendet", "datum", "envoyé", "enviado", "enviado el", "fecha", "inviato", "data", "verzonden", "skickat", "sendt", "dato", "lähetetty", "wysłano", "odesláno", "отправлено",
        "дата", "elküldve", "发送时间", "送信日時",
    ]
    private static let otherNames: Set<String> = [
        "to", "an", "à", "para", "a", "aan", "till", "til", "vastaanottaja", "do", "komu", "кому", "címzett", "cc", "kopie", "kopia", "kopi", "subject", "betreff", "objet", "asunto", "oggetto",
        "onderwerp", "ämne", "emne", "aihe", "temat", "předmět", "тема", "tárgy", "assunto", "收件人", "主题", "宛先", "件名", "reply-to", "antwort an",
    ]

    /// The block that Outlook and its kin put above a quote: a sender line, then at least two of date, recipients, subject.
    private static func isHeaderBlock(_ lines: [String], _ index: Int) -> Bool {
        guard index < lines.count, let first = label(lines[index]), fromNames.contains(first) else { return false }
        var dates = 0, others = 0
        for line in lines[(index + 1)...].prefix(7) {
            guard let name = label(line) else { continue }
            if dateNames.contains(name) { dates += 1 } else if otherNames.contains(name) { others += 1 }
        }
        return dates + others >= 2
    }

    private static func label(_ line: String) -> String? {
        let line = line.trimming { $0.isWhitespace || $0 == "*" }
        guard let colon = line.firstIndex(where: { $0 == ":" || $0 == "：" }), line[..<colon].count <= 20 else { return nil }
        return line[..<colon].lowercased().trimming { $0.isWhitespace || $0 == "*" || $0 == "\u{A0}" }
    }

    // MARK: "Sent from my …"

    private static let deviceStarts = [
        "sent from my ", "sent from mail for ", "sent from outlook for ", "sent from yahoo", "get outlook for ", "von meinem ", "gesendet von ", "gesendet mit ", "diese nachricht wurde von meinem ",
        "outlook für ", "holen sie sich outlook", "envoyé de mon ", "envoyé depuis ", "enviado desde mi ", "enviado desde ", "obtener outlook", "enviado do meu ", "inviato da ", "inviato dal mio ",
        "scarica outlook", "verzonden vanaf mijn ", "verstuurd vanaf mijn ", "skickat från min ", "sendt fra min ", "télécharger outlook",
    ]

    private static func dropDeviceLines(_ lines: inout [String]) {
        while let last = lines.last {
            let lower = last.trimming { $0.isWhitespace || $0 == "<" || $0 == ">" }.lowercased()
            guard lower.isEmpty || (lower.count <= 120 && deviceStarts.contains { lower.hasPrefix($0) }) else { return }
            lines.removeLast()
        }
    }
}
