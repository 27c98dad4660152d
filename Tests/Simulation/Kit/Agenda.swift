/// What is going to happen, earliest first; of one instant in the order in which it was put down.
struct Agenda {
    enum Item: Sendable {
        /// A client logs: by mail, portal or telephone.
        case log
        /// Somebody does the next thing to a ticket.
        case step(ticket: Int64)
        /// An answer aimed at one second.
        case aimed(ticket: Int64, resolve: Bool)
        case deliver(mail: Int)
        case tick
        case stop(until: Int64, newAgreement: Bool)
        case start(newAgreement: Bool)
        case relay(isUp: Bool)
        case clockStep(Int64)
        case doom(writes: Int, committed: Bool)
        case look
    }

    private var heap: [(at: Int64, order: Int, item: Item)] = []
    private var count = 0

    var first: Int64? { heap.first?.at }

    private static func before(_ a: (at: Int64, order: Int, item: Item), _ b: (at: Int64, order: Int, item: Item)) -> Bool { (a.at, a.order) < (b.at, b.order) }

    mutating func put(_ item: Item, at: Int64) {
        count += 1
        heap.append((at, count, item))
        var child = heap.count - 1
        while child > 0, Self.before(heap[child], heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func take() -> (at: Int64, item: Item)? {
        guard let first = heap.first else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && Self.before(heap[child], heap[least]) { least = child }
            if least == parent { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return (first.at, first.item)
    }
}
