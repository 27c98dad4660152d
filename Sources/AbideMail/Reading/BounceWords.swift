/// The phrases of mail systems, lower-cased, in the languages that they speak.
enum BounceWords {
    static let subjects: Phrases = [
        "メールエラー通知", "配信できません", "送信できません",
        "undeliver", "delivery status notification", "delivery failure", "delivery failed", "delivery has failed", "failure notice", "failure delivery", "returned mail", "returned message", "mail delivery", "message delivery", "returned to sender",
        "returning to sender", "returning message", "return to sender", "non-delivery", "nondeliver", "non delivery", "could not be delivered", "couldn't be delivered", "not delivered", "not be delivered", "delayed mail", "message delayed", "mail delayed",
        "delivery delayed", "delivery notification", "delivery problem", "delivery report", "delivery error", "delivery warning", "failed mail", "mail failed", "mail failure", "failed delivery", "failed message", "failure report", "error during delivery", "mail error", "mail system error",
        "processing error", "bounced", "bounce message", "has not yet been delivered", "not yet been delivered", "unable to deliver", "user unknown", "unknown user", "rejected mail", "rejected:", "message rejected", "address not found", "mailbox unavailable",
        "automatically rejected", "problems found with your", "dsn:", "ndn:", "ndr:", "warning: could not send", "could not send message", "message status - undeliverable", "delivery is delayed", "mail to", "notification d'état de remise",
        "unzustellbar", "nicht zugestellt", "zustellung", "zustellfehler", "fehlgeschlagen", "verzögert", "rücksendung", "non remis", "non délivré", "non distribué", "échec de la remise", "échec de remise", "échec d'envoi", "retour à l'expéditeur", "utilisateur non recensé", "no se puede entregar",
        "no entregado", "no se pudo entregar", "devuelto", "error de entrega", "mancato recapito", "messaggio non recapitabile", "mancata consegna", "onbestelbaar", "niet bezorgd", "niet worden bezorgd", "não entregue", "não foi possível entregar", "falha na entrega", "devolvida", "kunde inte levereras",
        "det gick inte att leverera", "kunne ikke leveres", "ej levererat", "toimitusvirhe", "niedostarczon", "nie dostarczon", "nie można dostarczyć", "zwrot poczty", "nedoručiteln", "nedoručená", "недоставлен", "не доставлен", "не может быть доставлено", "не удалось доставить", "teslim edilemedi",
        "iletilemedi", "kézbesíthetetlen", "αδυναμία παράδοσης", "退信", "退回", "无法投递", "無法傳遞", "未送达", "传输失败", "配信不能", "配信失敗", "送信できませんでした", "送達できません", "배달되지", "반송", "전송 실패",
    ]

    static let sentences: Phrases = [
        "送信できませんでした", "配信できませんでした", "requested action not taken", "no such user here",
        "could not be delivered", "couldn't be delivered", "could not be sent", "cannot be delivered", "can't be delivered", "can not be delivered", "was not delivered", "wasn't delivered", "were not delivered", "not delivered to", "has not yet been delivered", "has not been delivered", "have not been delivered", "not been delivered",
        "unable to deliver", "wasn't able to deliver", "was unable to deliver", "could not deliver", "couldn't deliver", "can't deliver", "cannot deliver", "undeliverable", "undelivered", "permanent fatal errors", "transient non-fatal errors", "delivery to the following", "delevery to the following", "delivery to these recipients",
        "delivery has failed", "delivery failed", "delivery failure", "failed recipient", "failed address", "did not reach", "didn't reach", "user unknown", "unknown user", "unknown recipient", "no such user", "not a valid user", "not a known user", "doesn't exist", "does not exist", "mailbox unavailable", "mailbox not found",
        "user not found", "recipient not found", "unknown address", "address unknown", "invalid recipient", "invalid address", "no valid recipients", "mailbox is full", "mailbox full", "full mailbox", "over quota", "quota exceeded", "exceeded storage", "exceeded its quota", "account is disabled", "account has been disabled", "no longer active",
        "address rejected", "recipient rejected", "message rejected", "was rejected by", "has been rejected", "was automatically rejected", "being returned", "been returned", "returned to sender", "returned to you", "returning it", "qmail-send", "mail system at host", "mail delivery software",
        "has been delayed", "is delayed", "delivery delayed", "has been postponed", "been postponed", "still trying", "will keep trying", "did not receive your message", "did not receive this message", "not accepting mail", "message from yahoo", "intended recipient:", "message you sent", "smtp error", "error from remote", "smtp; 5",
        "the following address", "following recipients", "did not exactly match", "non-delivery report", "unrouteable", "relaying denied", "returned mail", "transcript of session", "mail box space not enough", "please check the above address", "the mail server responded", "aborted after",
        "konnte nicht zugestellt", "konnte leider nicht", "nicht zugestellt werden", "nicht ausgeliefert", "nicht an folgende", "wurde nicht zugestellt", "unzustellbar", "unbekannter empfänger", "n'a pas pu être", "n'a pas pu etre", "n'ont pas pu être", "n'existe pas", "impossible de remettre", "non remis",
        "no se ha podido entregar", "no se pudo entregar", "no ha podido ser entregado", "no existe", "non è stato possibile", "non è stato recapitato", "impossibile recapitare", "kon niet worden bezorgd", "niet worden afgeleverd", "kan niet worden bezorgd", "não pôde ser entregue", "não foi possível entregar", "não foi entregue",
        "kunde inte levereras", "kunne ikke leveres", "kunne ikke levere", "toimittaminen epäonnistui", "nie można dostarczyć", "nie mogła zostać dostarczona", "nie została dostarczona", "nemohla být doručena", "nelze doručit", "не может быть доставлено", "не было доставлено", "не доставлено", "не удалось доставить",
        "teslim edilemedi", "iletilemedi", "nem kézbesíthető", "无法送达", "无法投递", "投递失败", "退信", "無法傳遞", "配信できません", "配送できません", "送信できません", "届けられません", "전송되지", "배달되지", "传输失败", "不能送达",
    ]

    /// After these the address follows.
    static let announcing: Phrases = [
        "following recipient", "following address", "following user", "delivered to", "recipient(s)", "recipients:", "recipient:", "recipients failed", "recipients was", "these recipients", "addressed to", "could not be delivered", "couldn't be delivered", "unable to deliver", "could not deliver", "did not reach", "did not receive",
        "failed address", "failed recipient", "original address", "sent mail to", "delivering to", "deliver to", "not been delivered", "not yet been delivered", "your message to", "your email to", "your mail to", "delivery of email to", "delivery to", "rcpt to", "permanent fatal errors", "transient non-fatal",
        "folgende empfänger", "folgenden empfänger", "folgende adresse", "empfänger", "destinataire", "destinatario", "destinatário", "ontvanger", "mottagare", "modtager", "odbior", "адрес", "получател", "收件人", "宛先", "délivré à", "delivre a",
    ]

    static let mentioning: Phrases = ["mailbox", "to:", "address"]

    static let delays: Phrases = [
        "delayed", "is delayed", "temporar", "will retry", "will be retried", "still trying", "will keep trying", "keep trying", "not yet been", "not yet delivered", "not yet be", "warning message only", "this is a warning", "just a warning", "warning only", "do not need to resend", "no need to resend", "no failure", "postponed", "continue to try",
        "continue to be made", "continue to attempt", "attempts will continue", "will be attempted", "try again later", "advisory-only", "delivery warning", "noch nicht", "verzögert", "weiterhin versucht", "vorübergehend", "retardé", "temporaire", "encore été", "retrasad", "temporal", "ritardat", "vertraagd", "försenad", "forsinket",
        "opóźni", "задерж", "временн", "延迟", "遅延",
    ]
    /// Whoever says so has given up, whatever else was temporary.
    static let finals: Phrases = ["giving up", "given up", "gave up", "not going to try again", "permanent error", "permanent failure", "permanently", "permanent fatal", "retry timeout exceeded", "retry time not reached", "returned to sender", "too many hops", "exceeded maximum delivery", "endgültig", "définitivement", "definitiva"]

    /// Begin of what is sent back.
    static let returned: Phrases = [
        "below this line is a copy", "original message follows", "this is a copy of the message", "this is a copy of your message", "here is a copy of", "start of returned message", "returned mail follows", "message text follows", "message headers follow", "headers follow", "unsent message below", "original message as received",
        "the header and top", "header of the source mail", "the first 50 lines", "the first lines of your", "returned message", "returned mail ---", "returned mail --", "your original message", "original message headers", "ursprüngliche nachricht", "message d'origine", "copy of the first part", "old message:", "message header follows", "included is a copy",
    ]

    static let forwards: Phrases = ["re:", "fw:", "fwd:", "wg:", "aw:", "tr:", "rv:", "antw:", "sv:", "vs:", "odp:", "[abd-"]
    static let greetings: Phrases = [
        "hi,", "hi ", "hello", "hey", "dear", "good morning", "good afternoon", "good day", "hallo", "guten", "moin", "sehr geehrte", "liebe", "bonjour", "salut", "hola", "buen", "estimad", "ciao", "gentil", "salve", "olá", "ola ", "prezad", "beste", "geachte", "hej", "god ", "cześć", "dzień dobry", "szanown", "dobrý",
        "здравствуйте", "добрый", "您好", "你好", "お世話", "안녕",
    ]
    static let personal: Phrases = [
        " we ", " i ", " our ", " my ", "i'm ", "we're", "please help", "can you", "could you", "would you", " wir ", " ich ", " unser", "bitte ", "können sie", " nous ", " je ", "pouvez-vous", " nosotros", "pueden", "noi ",
    ]
}
