import AbideCore
import AbideDesk
import HTTPTypes
import Hummingbird

/// Server-sent events of what changes (`text/event-stream`). A reader is told only of tickets that he may read, and only while the
/// session or token with which he came still holds.
struct LiveStream: Sendable {
    let web: Web
    let person: Person
    /// Only this ticket; nil: all that the reader may see.
    var ref: String?
    /// The ticket whose other readers this one hears of, and who hear of this one: `event: here`.
    var watched: Int64? = nil
    /// What the person is told goes along: `event: notification`.
    var tells = false
    /// And nothing else does.
    var onlyTells = false
    /// The reader's language: the stream outlives the request.
    var tongue = Tongue.current
    /// Asked every few seconds: false ends the stream (a revoked token, a sign-out).
    let stillHolds: @Sendable () async -> Bool

    /// Seconds between beats: a lost connection is noticed, and a lost right, within this.
    private static let beat = 4

    private enum Item: Sendable {
        case change(LiveChange)
        case here
        case beat
    }

    func sees(_ change: LiveChange) -> Bool {
        if onlyTells { return false }
        if let ref, ref != change.ref { return false }
        return Permissions.answer(person.role, .read, person.relation(client: change.client, contact: change.contact)) == .allowed
    }

    /// `event: ticket`, `data: {"ref":"ABD-1042","head":7}`.
    static func text(_ change: LiveChange) -> String {
        var json = JSON()
        json.open()
        json.put("ref", change.ref)
        json.put("head", Int64(change.head))
        json.close()
        return "event: ticket\nid: \(change.ref)-\(change.head)\ndata: \(json.text)\n\n"
    }

    /// `event: here`, `data: {"people":[{"name":"Priya Nair","initials":"PN","typing":true}]}`.
    static func text(_ people: [Present]) -> String {
        var json = JSON()
        json.open()
        json.key("people")
        json.openList()
        for one in people {
            json.next()
            json.open()
            json.put("name", one.name)
            json.put("initials", PersonView(name: one.name, isStaff: true).initials)
            json.put("typing", one.isTyping)
            json.close()
        }
        json.closeList()
        json.close()
        return "event: here\ndata: \(json.text)\n\n"
    }

    /// `event: notification`, `data: {"id":7,"ref":"ABD-1042","words":"Priya Nair mentioned you in a note.","subject":"…","unread":3}`.
    static func text(_ news: NotificationView, unread: Int) -> String {
        var json = JSON()
        json.open()
        json.put("id", news.id)
        json.put("ref", news.ref)
        json.put("words", news.words)
        json.put("subject", news.subject)
        json.put("unread", Int64(unread))
        json.close()
        return "event: notification\ndata: \(json.text)\n\n"
    }

    func response() -> Response {
        let stream = self
        let body = ResponseBody { writer in
            try? await stream.run(&writer)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"], body: body)
    }

    @concurrent private func run(_ writer: inout any ResponseBodyWriter) async throws {
        // Subscribed before the first byte, so that whoever sees the stream open misses nothing after it.
        let changes = web.desk.live.subscribe()
        let (items, feed) = AsyncStream<Item>.makeStream(bufferingPolicy: .bufferingNewest(1000))
        async let fed: Void = self.feed(feed, changes)
        let page = Secrets.token()
        if let watched { await web.desk.sit(watched, person, page: page) }
        do {
            try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
            var told: [Present] = [], beats = 0
            for await item in items {
                var text = ""
                switch item {
                case .change(let change):
                    text = sees(change) ? Self.text(change) : ""
                    if tells, change.notified.contains(person.id), let news = try? await web.desk.newestNotification(of: person, on: change.ticket) {
                        let unread = (try? await web.desk.unreadCount(of: person)) ?? 1
                        text += Tongue.$current.withValue(tongue) { Self.text(news, unread: unread) }
                    }
                case .here: break
                case .beat:
                    text = ":\n\n"
                    beats += 1
                    // Other nodes believe it for a while only.
                    if let watched, beats % 5 == 0 { await web.desk.sit(watched, person, page: page) }
                }
                if let watched, case let people = await web.desk.present(watched, for: person), people != told {
                    told = people
                    text += Self.text(people)
                }
                if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
            }
        } catch {
            if let watched { await web.desk.leave(watched, person, page: page) }
            throw error
        }
        if let watched { await web.desk.leave(watched, person, page: page) }
        await fed
    }

    /// Until the reader's right ends or the desk closes its streams, as it does when it stops.
    private func feed(_ feed: AsyncStream<Item>.Continuation, _ changes: AsyncStream<LiveChange>) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await change in changes where sees(change) || (tells && change.notified.contains(person.id)) { feed.yield(.change(change)) }
            }
            group.addTask {
                while (try? await Task.sleep(for: .seconds(Self.beat))) != nil, await stillHolds() { feed.yield(.beat) }
            }
            if let watched {
                let stirs = web.desk.presence.subscribe(watched)
                feed.yield(.here)
                group.addTask {
                    for await _ in stirs { feed.yield(.here) }
                    // Only the end of the changes ends the stream.
                    while (try? await Task.sleep(for: .seconds(3600))) != nil {}
                }
            }
            await group.next()
            feed.finish()
            group.cancelAll()
        }
    }
}
