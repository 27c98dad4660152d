import AbideCore

/// What the caller is asked about a closed ticket (H1).
struct SurveyView: Sendable {
    var ref: String
    var subject: String
    var questions: [SurveyQuestion]
    var scale: Int
    var form: FormState
    var wasAnswered: Bool
    /// Of the link; empty on the ticket's own page.
    var token = ""
    var isDone = false
    /// Why nothing can be answered; empty: it can.
    var obstacle = ""

    init(_ ticket: Ticket, _ terms: SurveyTerms) {
        ref = ticket.ref
        subject = ticket.subject
        questions = terms.questions
        scale = terms.scale
        wasAnswered = ticket.survey != nil
        form = FormState(Dictionary(uniqueKeysWithValues: (ticket.survey?.answers ?? [:]).map { ("q-" + $0.key, $0.value) }))
    }
}

extension Pages {
    /// Nobody needs to sign in for it, and reading it changes nothing.
    static func survey(_ view: SurveyView, _ page: PageContext) -> HTML {
        let title = view.isDone ? say("Thank you.") : say("How was it?")
        return Shell.plain(title, page, main: """
            <div class="signin"><p class="mark">\(Shell.mark)\(page.provider)</p></div>\
            <section class="card pad lone"><h1>\(title)</h1><p>\(view.ref) \(view.subject)</p>\(view.form.general)\
            \(if: view.isDone, "<p>\(say: "What you said is with those who can change something. You can change it here until the survey ends.")</p>")\
            \(if: !view.obstacle.isEmpty, "<p>\(view.obstacle)</p>", else: """
            <form class="survey" method="post" action="/s/\(view.token)">\(surveyFields(view))<div class="row"><button class="btn primary">\(view.wasAnswered ? say("Change it") : say("Send"))</button></div></form>
            """)\
            <form method="post" action="/s/\(view.token)/end"><button class="btn ghost">\(say: "Ask me by mail no more")</button></form><p><a href="/t/\(view.ref)">\(say: "Open the ticket")</a></p></section>
            """)
    }

    static func surveysEnded(_ page: PageContext) -> HTML {
        Shell.plain(say("You are not asked any more."), page, main: """
            <div class="signin"><p class="mark">\(Shell.mark)\(page.provider)</p></div><section class="card pad lone"><h1>\(say: "You are not asked any more.")</h1><p>\(say: "No survey comes by mail. A closed ticket’s page still takes what you want to say.")</p></section>
            """)
    }

    static func surveyFields(_ view: SurveyView) -> HTML { "\(each: view.questions, { question($0, view) })" }

    private static func question(_ question: SurveyQuestion, _ view: SurveyView) -> HTML {
        let name = "q-" + question.name, value = view.form.values[name] ?? "", error = view.form.errors[question.name] ?? view.form.errors[name]
        guard question.answer == .score else {
            return Bits.field(question.label, name: name, value: value, multiline: true, error: error, note: question.required ? "" : say("if you like"), isRequired: question.required)
        }
        return """
            <fieldset class="scale\(if: error != nil, " wrong")"><legend>\(question.label)\(if: !question.required, " <small>\(say: "if you like")</small>")</legend><div>\
            \(each: 1...max(1, view.scale), { n in "<label><input type=\"radio\" name=\"\(name)\" value=\"\(n)\"\(if: value == String(n), " checked")\(if: question.required, " required")><span>\(n)</span></label>" as HTML })</div>\
            <p class="help"><span>\(say: "1: not at all")</span><span>\(say: "\(view.scale): very")</span></p>\(if: error != nil, "<p class=\"error\">\(error ?? "")</p>")</fieldset>
            """
    }

    /// On the page of a closed ticket, for whoever logged it.
    static func surveyCard(_ view: SurveyView, _ page: PageContext) -> HTML {
        """
        <section class="card pad survey-card" id="survey"><h2>\(view.wasAnswered ? say("What you said about it") : say("How was it?"))</h2><form class="survey" method="post" action="/tickets/\(view.ref)/survey">\(Bits.csrf(page))\
        \(surveyFields(view))<div class="row"><button class="btn\(if: !view.wasAnswered, " primary")">\(view.wasAnswered ? say("Change it") : say("Send"))</button></div></form></section>
        """
    }
}
