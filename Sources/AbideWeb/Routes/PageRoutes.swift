import HTTPTypes
import Hummingbird

/// The pages' addresses.
enum PageRoutes {
    static func add(to router: Router<AbideRequestContext>, _ web: Web) {}

    /// An error as people read it.
    static func errorPage(_ answer: ErrorAnswer, _ request: Request, _ context: AbideRequestContext, _ web: Web) async -> Response {
        let page: HTML = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>\(answer.title)</title></head><body><h1>\(answer.title)</h1><p>\(answer.detail)</p></body></html>"
        return answer.response(type: Response.htmlType, body: page.bytes)
    }
}
