extension ReplyTail {
    static let banners: Phrases = [
        "caution: this", "caution: external", "caution - external", "external email", "external sender", "external:", "external]", "warning: this email", "warning: external", "this email originated from outside",
        "this message originated from outside", "this message was sent from outside", "you don't often get email from", "achtung: externe", "externe e-mail", "externe mail", "vorsicht: diese e-mail",
        "attention : cet", "attention: cet", "atención: este correo", "precaución: este correo", "attenzione: questa e-mail", "let op: deze e-mail", "[external", "[extern",
    ]

    static let deviceStarts: Phrases = [
        "sent from my ", "sent from mail for ", "sent from outlook", "sent from yahoo", "sent from proton", "sent from samsung", "sent from android", "sent from gmail", "sent from nine", "sent from type", "sent from postbox",
        "sent from mailbird", "sent from airmail", "sent from spark", "sent from aol", "sent from a mobile", "sent from mobile", "sent from the ", "sent from iphone", "sent from ipad", "sent from blue", "sent from polymail",
        "sent from windows mail", "sent from mailbox", "sent from a phone", "from my iphone", "from my ipad", "from my android", "from my phone", "from my mobile", "från min ", "sent from inbox", "sent from tuta", "sent from front", "sent from hey", "sent from acompli", "sent from hubspot", "sent via ", "sent using ", "sent with ", "sent on ", "sent by ",
        "get outlook for ", "get bluemail for", "get typeapp for", "von meinem ", "gesendet von ", "gesendet mit ", "gesendet via ", "gesendet über ", "gesendet vom ", "gesendet aus ", "diese nachricht wurde von meinem ", "outlook für ",
        "holen sie sich outlook", "laden sie outlook", "envoyé de ", "envoyé depuis ", "envoyé à partir de ", "envoyé avec ", "envoyé via ", "télécharger outlook", "obtenez outlook", "obtenir outlook", "enviado desde ", "enviado con ", "obtener outlook",
        "obtén outlook", "enviado do meu ", "enviado do ", "enviado a partir d", "enviado pelo ", "enviado de ", "obter o outlook", "obtenha o outlook", "baixar outlook", "inviato da ", "inviato dal mio ", "inviata da ", "scarica outlook", "ottieni outlook",
        "verzonden vanaf ", "verstuurd vanaf ", "verzonden met ", "verzonden van", "outlook voor ", "download outlook", "skickat från ", "hämta outlook", "skaffa outlook", "sendt fra ", "hent outlook", "få outlook", "skaff outlook",
        "lähetetty ", "hanki outlook", "wysłano z ", "wysłane z ", "pobierz outlook", "pobierz program outlook", "odesláno z ", "odoslané z ", "získat outlook", "отправлено с ", "отправлено из ", "отправлено через ", "надіслано з ", "скачать outlook",
        "elküldve ", "küldve ", "trimis de pe ", "trimis din ", "发自我的", "發自我的", "从我的", "從我的", "来自我的", "发送自", "나의 ", "iphoneから", "androidから", "στάλθηκε από", "נשלח מ", "dikirim dari ", "đã gửi từ ", "gửi từ ", "poslano z", "послато са", "изпратено от",
    ]
    static let deviceEnds: Phrases = ["から送信", "에서 보냄", "에서 전송", " gönderildi", "发送", "傳送"]
    /// Begin and end of lines whose verb stands last.
    static let beforeVerb: Phrases = ["von meinem ", "von meiner ", "von ", "diese nachricht wurde", "diese e-mail wurde"]
    static let lastVerb: Phrases = ["gesendet"]

    static let disclaimers: Phrases = [
        "confidential", "disclaimer", "caution:", "important notice", "important note", "privileged", "privacy notice", "legal notice", "legal disclaimer", "notice:", "this e-mail and", "this email and", "this message and",
        "this e-mail is", "this email is confidential", "this email is intended", "this message is confidential", "this message is intended", "this e-mail (and", "this email (and", "this message (and", "this e-mail, ", "this email, ",
        "this e-mail contains", "this email contains", "this message contains", "this e-mail may contain", "this email may contain", "this message may contain", "this communication", "this transmission", "this electronic", "the information contained in",
        "the information in this", "the information transmitted", "the contents of this", "the content of this email", "if you are not the intended", "if you have received this", "if you received this", "any views or opinions", "please consider the environment",
        "please think of the environment", "please note that this e-mail", "before printing", "think before you print", "p please consider", "save a tree", "virus-free", "vertraulich", "diese e-mail enthält", "diese e-mail kann", "diese e-mail ist", "diese nachricht ist",
        "diese mail enthält", "diese email enthält", "diese nachricht enthält", "der inhalt dieser e-mail", "haftungsausschluss", "bitte denken sie an die umwelt", "bitte prüfen sie", "wichtiger hinweis", "hinweis:", "ce message et", "ce courriel",
        "ce message est", "cet e-mail", "cet email", "ce mail", "avis de confidentialité", "pensez à l'environnement", "avant d'imprimer", "este mensaje", "este correo", "esta comunicación", "aviso legal", "aviso de confidencialidad", "antes de imprimir",
        "esta mensagem", "este e-mail", "este email", "aviso de confidencialidade", "questo messaggio", "questa e-mail", "questa email", "le informazioni contenute", "avviso di riservatezza", "dit bericht", "deze e-mail", "deze mail", "de informatie in dit",
        "niniejsza wiadomość", "treść tej wiadomości", "uwaga: ", "tato zpráva", "denne e-mail", "denne mail", "denne e-posten", "detta meddelande", "detta e-postmeddelande", "tämä viesti", "это сообщение", "данное сообщение", "настоящее сообщение",
        "bu e-posta", "bu mesaj", "免责声明", "本邮件", "本メール", "이 메일", "avast logo", "this email has been checked", "this e-mail has been scanned", "diese e-mail wurde", "get your free",
    ]
    static let disclaimerParts: Phrases = [
        "may contain confidential", "contain confidential and", "confidential and/or", "confidential and may", "confidential and intended", "legally privileged", "intended solely for", "intended only for the", "for the sole use of the intended", "not the intended recipient",
        "vertrauliche und/oder rechtlich", "nicht der richtige adressat", "destinataire prévu", "uso exclusivo", "uitsluitend bestemd", "esclusivo del destinatario",
    ]

    static let signOffs: Set<String> = [
        "regards", "best regards", "kind regards", "kindest regards", "warm regards", "warmest regards", "with regards", "with best regards", "with kind regards", "many regards", "thanks and regards", "thanks & regards", "thanks and best regards",
        "best", "best wishes", "all the best", "cheers", "rgds", "br", "kr", "brgds", "yours faithfully", "yours truly", "respectfully",
        "mit freundlichen grüßen", "mit freundlichen gruessen", "mit freundlichen grüssen", "mit freundlichem gruß", "mit freundlichem gruss", "mit besten grüßen", "mit besten grüssen", "mit herzlichen grüßen", "mit vielen grüßen", "freundliche grüße",
        "freundliche grüsse", "freundlichen gruß", "viele grüße", "viele grüsse", "vielen gruß", "beste grüße", "beste grüsse", "besten gruß", "liebe grüße", "liebe grüsse", "lieben gruß", "herzliche grüße", "herzliche grüsse", "schöne grüße", "gruß", "gruss", "grüße", "grüsse",
        "mfg", "lg", "vg", "bg", "hochachtungsvoll",
        "cordialement", "bien cordialement", "très cordialement", "cordialement vôtre", "sincèrement", "bien à vous", "bien à toi", "salutations", "sincères salutations", "meilleures salutations", "cordiales salutations", "bonne journée", "bonne soirée", "bonne réception", "bonne fin de journée",
        "saludos", "un saludo", "saludos cordiales", "un cordial saludo", "cordiales saludos", "atentamente", "cordialmente", "atte", "un abrazo", "reciba un cordial saludo",
        "atenciosamente", "att", "cumprimentos", "com os melhores cumprimentos", "melhores cumprimentos", "um abraço", "abraços",
        "cordiali saluti", "distinti saluti", "saluti", "un saluto", "un cordiale saluto", "buona giornata",
        "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten", "hartelijke groet", "hartelijke groeten", "groet", "groeten", "groetjes", "mvg", "met hartelijke groet",
        "med vänlig hälsning", "med vänliga hälsningar", "vänlig hälsning", "vänliga hälsningar", "bästa hälsningar", "hälsningar", "hälsning", "mvh",
        "med venlig hilsen", "med venlige hilsner", "venlig hilsen", "venlige hilsner", "bedste hilsner", "de bedste hilsner", "hilsen", "kh", "dbh", "vh", "med vennlig hilsen", "vennlig hilsen", "beste hilsen", "hilsner",
        "ystävällisin terveisin", "parhain terveisin", "terveisin", "terveiset",
        "pozdrawiam", "z poważaniem", "z powazaniem", "z wyrazami szacunku", "pozdrawiam serdecznie", "serdecznie pozdrawiam", "z pozdrowieniami", "s pozdravem", "s úctou", "s přáním hezkého dne", "s pozdravom", "s úctou", "s prijatnim pozdravom",
        "с уважением", "с наилучшими пожеланиями", "з повагою", "с уважение", "üdvözlettel", "tisztelettel", "üdv", "saygılarımla", "saygılarımızla", "iyi çalışmalar", "cu stimă", "cu respect", "με εκτίμηση", "φιλικά", "lep pozdrav", "lp", "srdačan pozdrav",
        "此致", "敬礼", "祝好", "此致敬礼", "よろしくお願いいたします",
    ]
}
