import HTTPTypes
import Hummingbird
import NIOCore

/// Serves the embedded files: compressed once, with an `ETag`, and to be kept for ever where the address carries their version.
struct AssetServer: Sendable {
    private struct Prepared: Sendable {
        var type: String
        var plain: ByteBuffer
        var small: ByteBuffer?
    }

    static let shared = AssetServer()

    private let files: [String: Prepared]

    private init() {
        files = Assets.files.mapValues { file in
            let plain = ByteBuffer(bytes: file.bytes)
            return Prepared(type: file.type, plain: plain, small: file.bytes.count > Gzip.threshold ? Gzip.compress(plain) : nil)
        }
    }

    func answer(_ name: String, _ request: Request) throws -> Response {
        guard let file = files[name] else { throw HTTPError(.notFound) }
        let tag = "\"\(Assets.version)\""
        var headers = HTTPFields()
        headers[.eTag] = tag
        headers[.cacheControl] = request.uri.query == "v=\(Assets.version)" ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate"
        headers[.vary] = "accept-encoding"
        if request.headers[values: .ifNoneMatch].contains(where: { $0.contains(tag) }) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = file.type
        if let small = file.small, Gzip.isAccepted(request.headers[.acceptEncoding]) {
            headers[.contentEncoding] = "gzip"
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: small))
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: file.plain))
    }
}
