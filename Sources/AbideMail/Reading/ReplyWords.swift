/// What mail programs write around a quote, in their languages; lower-cased.
enum ReplyWords {
    static let verbs = Phrases([
        "wrote", "writes", "schrieb", "geschrieben", "a écrit", "écrit", "escribió", "escribio", "ha scritto", "scritto", "schreef", "geschreven", "escreveu", "skrev", "skreiv", "napisał",
        "napisała", "napisał(a)", "pisze", "napísal", "napísal(a)", "napsal", "napsal(a)", "написал", "написал(а)", "написала", "пишет", "пише", "написав", "написа", "kirjoitti", "yazdı", "írta", "a scris",
        "menulis", "đã viết", "έγραψε", "כתב", "כתבה", "כתב/ה", "كتب", "كتبت", "napisao", "napisala", "napisao/la", "je napisal", "rašė", "rakstīja", "kirjutas", "va escriure", "idatzi du", "said", "sent", "shared",
    ])
    static let verbsWithoutBlanks = Phrases(["写道", "寫道", "が書きました", "のメール", "のメッセージ", "작성", "님이 쓴 글", "เขียนว่า"])

    static let openings = Phrases([
        "on ", "am ", "le ", "el ", "il ", "op ", "em ", "den ", "dne ", "dňa ", "dnia ", "w dniu ", "a ", "at ", "in data ", "il giorno ", "mensaje ", "quoting ", "zitat von ", "zitiere ", "citando ",
        "citação", "vào ", "från ", "fra ", "på ", "pada ", "în ", "pe ", "στις ", "ב-", "ב ", "في ", "на ", "dana ", "在", "於", "于", "el día ", "em ", "kl. ",
    ] + days)

    /// Those that need no verb.
    static let quotings: Phrases = ["quoting ", "zitat von ", "zitiere ", "citando ", "citação de", "citat från", "cytat z", "citation de", "citát od"]

    private static let days = [
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo.", "di.", "mi.", "do.", "fr.", "sa.", "so.", "lun", "mar", "mer", "mié", "jeu", "jue", "ven", "vie", "sam", "sáb", "dim", "dom", "gio", "seg", "ter", "qua",
        "qui", "sex", "ma ", "di ", "wo ", "do ", "vr ", "za ", "zo ", "ti ", "ke ", "to ", "pe ", "la ", "su ", "man.", "tir.", "tirs", "ons.", "tor.", "tors", "fre.", "lør", "søn", "mån", "tis", "lör", "sön", "pon", "wt.", "śr",
        "czw", "pt.", "sob", "niedz", "po ", "út ", "st ", "čt ", "pá ", "so ", "ne ", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "нд", "понед", "втор", "сред", "четв", "пятн", "субб", "воскр", "pzt", "sal", "çar", "per", "cum",
        "cmt", "paz",
    ]
    static let dayNames = Phrases(days)

    /// Between dashes.
    static let separators = Phrases([
        "original message", "original appointment", "original email", "original mail", "original-nachricht", "ursprüngliche nachricht", "ursprüngliche e-mail", "originalnachricht", "ursprünglicher termin",
        "message d'origine", "message original", "message initial", "courriel original", "mensaje original", "mensagem original", "messaggio originale", "messaggio originario", "oorspronkelijk bericht",
        "origineel bericht", "ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse", "oprindelig besked", "opprinnelig melding", "original melding", "alkuperäinen viesti",
        "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość pierwotna", "původní zpráva", "pôvodná správa", "исходное сообщение", "исходное письмо", "оригинальное сообщение", "первоначальное сообщение",
        "вихідне повідомлення", "eredeti üzenet", "orijinal mesaj", "özgün ileti", "mesaj original", "αρχικό μήνυμα", "原始邮件", "原始郵件", "原邮件", "元のメッセージ", "원본 메시지", "원본 메일", "הודעה מקורית",
        "الرسالة الأصلية", "izvorna poruka", "originalna poruka", "reply message", "antwort nachricht", "message de réponse", "pesan asli", "thư gốc",
    ])
    static let forwards = Phrases([
        "forwarded message", "forwarded mail", "weitergeleitete nachricht", "weitergeleitete mail", "message transféré", "message réexpédié", "mensaje reenviado", "messaggio inoltrato", "doorgestuurd bericht",
        "mensagem encaminhada", "mensagem reencaminhada", "vidarebefordrat meddelande", "videresendt", "videresend", "przekazana wiadomość", "wiadomość przekazana", "přeposlaná zpráva", "пересылаемое сообщение",
        "пересланное сообщение", "edelleenlähetetty viesti", "välitetty viesti", "továbbított üzenet", "iletilen mesaj", "yönlendirilen ileti", "转发邮件", "轉寄郵件", "転送メッセージ", "전달된 메시지", "mesaj redirecționat",
    ])
    /// A line of its own that ends with a colon.
    static let forwardLines = Phrases([
        "begin forwarded message", "anfang der weitergeleiteten", "début du message transféré", "début du message réexpédié", "inicio del mensaje reenviado", "begin doorgestuurd bericht", "inizio messaggio inoltrato",
        "início da mensagem", "vidarebefordrat brev", "start på videresendt", "начало переадресованного сообщения", "początek przekazywanej wiadomości", "転送されたメッセージ",
    ])
    static let replyAbove = Phrases([
        "reply above this line", "type your reply above", "reply above the line", "antworten sie oberhalb dieser", "antwort oberhalb dieser", "répondez au-dessus de cette", "responda por encima de esta", "write above this line",
    ])

    static let from: Set<String> = [
        "from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "от", "от кого", "від", "feladó", "expéditeur", "mittente", "remitente", "kimden", "gönderen", "de la", "από", "发件人", "寄件者", "寄件人", "差出人", "送信者", "보낸 사람",
        "보낸사람", "מאת", "من", "dari", "từ", "afzender", "saatja", "message du",
    ]
    static let date: Set<String> = [
        "sent", "date", "gesendet", "gesendet am", "datum", "envoyé", "envoyé le", "enviado", "enviado el", "enviado em", "enviada em", "enviados", "enviada", "fecha", "inviato", "inviata", "data", "verzonden", "datum", "skickat", "sendt",
        "dato", "lähetetty", "päivämäärä", "wysłano", "wysłane", "odesláno", "odoslané", "отправлено", "дата", "надіслано", "elküldve", "küldve", "dátum", "gönderildi", "gönderilme tarihi", "tarih", "trimis", "στάλθηκε", "ημερομηνία",
        "发送时间", "发送日期", "日期", "寄件日期", "傳送時間", "送信日時", "日時", "보낸 날짜", "보낸날짜", "날짜", "נשלח", "תאריך", "تم الإرسال", "التاريخ", "dikirim", "tanggal", "đã gửi", "received", "message du", "le",
    ]
    static let others: Set<String> = [
        "to", "an", "à", "a", "para", "aan", "till", "til", "vastaanottaja", "do", "komu", "кому", "címzett", "kime", "alıcı", "către", "catre", "προς", "收件人", "收件者", "宛先", "받는 사람", "받는사람", "אל", "إلى", "kepada", "đến", "cc", "kopie",
        "kopia", "kopi", "copie à", "copie", "copia", "dw", "bcc", "cci", "subject", "betreff", "objet", "sujet", "asunto", "oggetto", "onderwerp", "ämne", "emne", "aihe", "temat", "předmět", "predmet", "тема", "tárgy", "assunto", "konu",
        "subiect", "θέμα", "主题", "主旨", "件名", "제목", "נושא", "الموضوع", "perihal", "subjek", "chủ đề", "reply-to", "antwort an", "répondre à", "responder a", "抄送", "副本", "참조", "importance", "wichtigkeit", "priority", "organization",
        "organisation", "cc.", "копия", "másolatot kap", "attachments", "anlagen", "pièces jointes", "adjuntos",
    ]
}
