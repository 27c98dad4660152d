import AbideDesk
import HTTPTypes
import Hummingbird

/// Whether the desk lives and is ready, and its figures, for what watches it.
enum Health {
    static func add(to router: Router<AbideRequestContext>, _ web: Web) {
        router.get("/health/live") { _, _ in Response(type: "text/plain; charset=utf-8", body: Array("live\n".utf8)) }
        router.get("/health/ready") { _, _ in
            guard await web.desk.isReady() else {
                throw PlainError(503, "The desk is not ready: its store does not answer, or it is starting or stopping.", headers: [("Retry-After", "1")])
            }
            return Response(type: "text/plain; charset=utf-8", body: Array("ready\n".utf8))
        }
        router.get("/metrics") { _, _ in
            let ready = await web.desk.isReady()
            return Response(type: "text/plain; version=0.0.4; charset=utf-8", body: Array(metrics(web.counters.byClass, isReady: ready, version: web.desk.settings.version).utf8))
        }
    }

    /// The text format of Prometheus.
    static func metrics(_ requests: [(name: String, count: Int)], isReady: Bool, version: String) -> String {
        var text = """
            # HELP abide_info The running version.
            # TYPE abide_info gauge
            abide_info{version="\(version)"} 1
            # HELP abide_ready 1 while the desk takes work.
            # TYPE abide_ready gauge
            abide_ready \(isReady ? 1 : 0)
            # HELP abide_http_requests_total Answered requests by class of status.
            # TYPE abide_http_requests_total counter

            """
        for (name, count) in requests { text += "abide_http_requests_total{class=\"\(name)\"} \(count)\n" }
        return text
    }
}
