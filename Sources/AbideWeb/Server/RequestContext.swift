import Hummingbird
import NIOCore

/// What a handler is told besides the request.
struct AbideRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The peer's address without its port, for throttling at sign-in; empty where there is none.
    let address: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? ""
    }

    var maxUploadSize: Int { BodyLimit.form }
}

/// How much of a request's body is read, in bytes; more is answered with 413.
enum BodyLimit {
    static let json = 1 << 20
    static let form = 30 << 20
    /// The fields of a form besides its files.
    static let fields = 1 << 20
}
