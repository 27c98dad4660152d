import AbideCore

/// What the header says of how a message came about (RFC 3834, RFC 2919, and what mail systems write besides).
struct MailOrigin {
    private(set) var isAutoReply = false
    private(set) var isList = false
    private(set) var forbidsAutomaticAnswer = false
    /// From a mail system itself: MAILER-DAEMON, postmaster.
    private(set) var isFromMailSystem = false
    private(set) var hasNullReturnPath = false
    var isMailSystem: Bool { isFromMailSystem || hasNullReturnPath }

    private static let listFields: Set<String> = ["list-id", "list-post", "list-unsubscribe", "list-help", "list-subscribe", "mailing-list", "x-mailing-list"]
    private static let autoReplyFields: Set<String> = ["x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-mail-autoreply", "x-auto-reply"]
    /// Subjects that only mail programs write, as prefixes.
    private static let autoReplySubjects = [
        "automatic reply:", "auto reply:", "autoreply:", "auto-reply:", "auto:", "out of office:", "out of office reply", "out of the office:",
        "automatische antwort:", "abwesenheitsnotiz:", "abwesenheitsmeldung", "réponse automatique", "respuesta automática", "risposta automatica",
        "automatisch antwoord:", "resposta automática", "autosvar:", "automatiskt svar:", "automatisk svar:", "odpowiedź automatyczna:", "automatická odpověď:",
        "автоответ:", "自動応答", "自动答复",
    ]

    init(_ message: MimeEntity, _ mail: IncomingMail) {
        let autoSubmitted = word(message.first("auto-submitted"))
        let precedence = word(message.first("precedence"))
        let suppress = (message.first("x-auto-response-suppress") ?? "").lowercased()
        let local = mail.from.first.map { $0.address.prefix { $0 != "@" }.lowercased() } ?? ""
        let subject = mail.subject.lowercased()
        hasNullReturnPath = message.first("return-path").map { ["<>", "<mailer-daemon>"].contains($0.lowercased().filter { $0 != " " && $0 != "\t" }) } ?? false
        isFromMailSystem = Self.isMailSystem(local: local, name: mail.from.first?.name.lowercased() ?? "", field: mail.from.isEmpty ? (message.first("from") ?? "").lowercased() : nil)
        let reportType = message.type.value == "multipart/report" ? message.type["report-type"]?.lowercased() : nil

        isList = message.fields.contains { Self.listFields.contains($0.name) } || ["list", "bulk", "junk"].contains(precedence)
        isAutoReply = (autoSubmitted != "" && autoSubmitted != "no")
            || ["auto_reply", "auto-reply"].contains(precedence)
            || message.fields.contains { Self.autoReplyFields.contains($0.name) && !["no", "false", ""].contains(word($0.value)) }
            || word(message.first("delivered-to")) == "autoresponder"
            || (reportType != nil && reportType != "delivery-status")
            || Self.autoReplySubjects.contains { subject.hasPrefix($0) }
        forbidsAutomaticAnswer = isAutoReply || isList || hasNullReturnPath || isFromMailSystem || reportType != nil
            || ["all", "autoreply", "oof", "dr"].contains { mark in suppress.split { !$0.isLetter }.contains { $0 == mark } }
            || local.hasPrefix("owner-") || local.hasSuffix("-request") || local.hasSuffix("-owner") || local.hasSuffix("-bounces")
            || ["noreply", "no-reply", "donotreply", "do-not-reply", "no_reply"].contains(local)
    }
}

extension MailOrigin {
    private static let systemLocals: Set<String> = ["mailer-daemon", "mailerdaemon", "mailer_daemon", "postmaster", "mail-daemon", "maildaemon", "mail.delivery.system", "mdaemon", "microsoftexchange", "mailsystem", "mail-system", "ndr", "post_master", "post-master"]
    private static let systemNames: Phrases = [
        "mail delivery system", "mail delivery subsystem", "mail delivery service", "mail delivery", "delivery subsystem", "mail administrator", "mail system", "system administrator", "systemadministrator", "internet mail delivery", "mailer-daemon", "postmaster", "mail subsystem", "microsoft outlook",
        "e-mail interconnect", "email delivery", "jetmail system",
    ]

    /// - Parameter field: the whole field where it holds no address: some write their name alone.
    private static func isMailSystem(local: String, name: String, field: String?) -> Bool {
        if let field { return field.contains("<>") || ["mailer-daemon", "postmaster", "mail-daemon", "mdaemon", "mail delivery"].contains { field.contains($0) } }
        return systemLocals.contains(local) || local.hasPrefix("microsoftexchange") || local.hasPrefix("postmaster\\") || local.hasPrefix("postmaster-") || systemNames.begin(Array(name.utf8)) || name.hasSuffix(" postmaster") || local == "\"systemadministrator\"" || local == "\"system administrator\""
    }
}

/// The first word of a structured value, lower-cased, without parameters and comments; "" for nothing.
private func word(_ value: String?) -> String {
    (value ?? "").lowercased().trimming { $0 == " " }.prefix { !" ;(\t".contains($0) }.description
}
