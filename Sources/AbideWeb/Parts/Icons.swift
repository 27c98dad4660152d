/// The icons: 16 by 16, stroke 1.4, round ends, in the colour of the text. One never stands alone without a name.
enum Icon: String, Sendable, CaseIterable {
    case flag, person, people, inbox, clock, steps, building, chart, document, mail, plus, search, back, forward, reply, lock, clip
    case check, pause, print, download, phone, menu, close, signOut, key, bell

    /// The drawing; hidden from readers, who get the name beside it.
    var html: HTML {
        "<svg class=\"i\" width=\"16\" height=\"16\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"\(path)\"/></svg>"
    }

    private var path: String {
        switch self {
        case .flag: "M3.5 14V2.5h9l-2 3 2 3h-9"
        case .person: "M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8zM3 14c.4-2.6 2.4-4 5-4s4.6 1.4 5 4"
        case .people: "M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 13.5c.3-2.3 2.1-3.5 4.5-3.5s4.2 1.2 4.5 3.5M10.5 3.2a2.5 2.5 0 0 1 0 4.6M12.3 10.3c1.3.5 2 1.6 2.2 3.2"
        case .inbox: "M2 9.5 3.8 3.5h8.4L14 9.5v3.5H2zM2 9.5h3.7a2.3 2.3 0 0 0 4.6 0H14"
        case .clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.5"
        case .steps: "M2 13.5h3.5V10H9V6.5h3.5V3H14.5"
        case .building: "M3 14V2.5h6V14M9 6.5h4V14M1.5 14h13M5.3 5.5h1.4M5.3 8h1.4M5.3 10.5h1.4"
        case .chart: "M2.5 14h11M4.5 11.5V8.5M8 11.5v-8M11.5 11.5V6.5"
        case .document: "M4 2h5l3.5 3.5V14H4zM9 2v3.5h3.5M6.3 8.5h4M6.3 11h4"
        case .mail: "M2 3.5h12v9H2zM2 4.5l6 4.5 6-4.5"
        case .plus: "M8 3v10M3 8h10"
        case .search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3 14 14"
        case .back: "M10 3 5 8l5 5"
        case .forward: "M6 3l5 5-5 5"
        case .reply: "M6 3.5 2.5 7 6 10.5M2.5 7h6c3 0 5 1.7 5 5.5"
        case .lock: "M3.5 7h9v7h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2"
        case .clip: "M12.5 7.5 7.6 12.4a2.9 2.9 0 0 1-4.1-4.1l5.3-5.3a1.9 1.9 0 0 1 2.7 2.7L6.3 10.9a.9.9 0 0 1-1.3-1.3l4.6-4.6"
        case .check: "M3.5 8.5l3 3 6-7"
        case .pause: "M5.5 3.5v9M10.5 3.5v9"
        case .print: "M4.5 6V2h7v4M4.5 11.5H2V6h12v5.5h-2.5M4.5 9.5h7V14h-7z"
        case .download: "M8 2v8.5M4.5 7.5 8 11l3.5-3.5M2.5 14h11"
        case .phone: "M3 2.5h2.5l1.3 3-1.6 1.2a8 8 0 0 0 4.1 4.1l1.2-1.6 3 1.3V13c0 .6-.4 1-1 1C7 14 2 9 2 3.5c0-.6.4-1 1-1z"
        case .menu: "M2 4.5h12M2 8h12M2 11.5h12"
        case .close: "M4 4l8 8M12 4l-8 8"
        case .signOut: "M6 2.5H3v11h3M10 5l3 3-3 3M13 8H6.5"
        case .bell: "M4 11.5V7a4 4 0 0 1 8 0v4.5l1 1.2H3zM6.7 14.3h2.6"
        case .key: "M10.5 9a3.2 3.2 0 1 0-3-2L2.5 12v1.8h2v-1.5H6v-1.5h1.5L8.7 8.7"
        }
    }
}
