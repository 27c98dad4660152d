/// Where a new ticket goes. Rules are read from the top: the first whose conditions hold and that names a department (or an
/// assignee) decides it; tags of all that hold add up.
package struct RoutingRule: Hashable, Sendable, Codable {
    package var name: String
    package var when: RoutingConditions
    package var department: String?
    /// The e-mail address of an agent.
    package var assignee: String?
    package var tags: [String]

    package init(name: String, when: RoutingConditions, department: String? = nil, assignee: String? = nil, tags: [String] = []) {
        self.name = name
        self.when = when
        self.department = department
        self.assignee = assignee
        self.tags = tags
    }
}

/// All lists that say something must hold; within a list one is enough.
package struct RoutingConditions: Hashable, Sendable, Codable {
    package var kinds: [String]
    package var categories: [String]
    /// Names of clients.
    package var clients: [String]
    /// Words or phrases of subject or description, whole and in any case of letters.
    package var words: [String]
    /// Addresses to which the mail was sent.
    package var mailboxes: [String]
    package var channels: [Channel]
    package var severities: [Int]

    package init(
        kinds: [String] = [], categories: [String] = [], clients: [String] = [], words: [String] = [], mailboxes: [String] = [], channels: [Channel] = [],
        severities: [Int] = []
    ) {
        self.kinds = kinds
        self.categories = categories
        self.clients = clients
        self.words = words
        self.mailboxes = mailboxes
        self.channels = channels
        self.severities = severities
    }
}

/// What the rules ask about a new ticket.
package struct RoutingFacts: Hashable, Sendable {
    package var kind: String?
    package var category: String?
    package var client: String?
    package var mailbox: String?
    package var channel: Channel
    package var severity: Int
    /// Subject and description.
    package var text: String

    package init(kind: String?, category: String?, client: String?, mailbox: String?, channel: Channel, severity: Int, text: String) {
        self.kind = kind
        self.category = category
        self.client = client
        self.mailbox = mailbox
        self.channel = channel
        self.severity = severity
        self.text = text
    }
}

/// Where a ticket goes, and the rules that said so.
package struct Route: Hashable, Sendable {
    package var department: String?
    package var assignee: String?
    /// In order, none twice.
    package var tags: [String] = []
    /// Names of the rules that decided something, in the agreement's order.
    package var rules: [String] = []
    package init() {}
}

extension AgreementTerms {
    /// Applies the routing rules. Where none names a department, the kind's proposal counts, else the first department.
    package func route(_ facts: RoutingFacts, proposals: Proposals) -> Route {
        var route = Route()
        // Words are asked for by few agreements, and they are the dear part.
        let text = RoutingWords(routing.contains { !$0.when.words.isEmpty } ? facts.text : "")
        for rule in routing where rule.when.hold(facts, text) {
            var decides = false
            if route.department == nil, let department = rule.department { (route.department, decides) = (department, true) }
            if route.assignee == nil, let assignee = rule.assignee { (route.assignee, decides) = (assignee, true) }
            for tag in rule.tags where !route.tags.contains(tag) {
                route.tags.append(tag)
                decides = true
            }
            if decides { route.rules.append(rule.name) }
        }
        route.department = route.department ?? proposals.department ?? departments.first?.name
        return route
    }
}

extension RoutingConditions {
    fileprivate func hold(_ facts: RoutingFacts, _ text: RoutingWords) -> Bool {
        func among(_ allowed: [String], _ value: String?) -> Bool {
            guard !allowed.isEmpty else { return true }
            guard let value = value?.lowercased() else { return false }
            return allowed.contains { $0.lowercased() == value }
        }
        return among(kinds, facts.kind) && among(categories, facts.category) && among(clients, facts.client) && among(mailboxes, facts.mailbox)
            && (channels.isEmpty || channels.contains(facts.channel)) && (severities.isEmpty || severities.contains(facts.severity))
            && (words.isEmpty || words.contains(where: text.contain))
    }
}

/// A text as its words, in which phrases can be looked for: `login` is in "Login fails", not in "blogging".
private struct RoutingWords {
    private let joined: String

    init(_ text: String) { joined = RoutingWords.join(text) }

    func contain(_ phrase: String) -> Bool { joined.contains(RoutingWords.join(phrase)) }

    private static func join(_ text: String) -> String {
        var joined = " "
        for character in text.lowercased() {
            if character.isLetter || character.isNumber { joined.append(character) } else if joined.last != " " { joined.append(" ") }
        }
        if joined.last != " " { joined.append(" ") }
        return joined
    }
}
