import HTTPTypes
import Hummingbird
import SCIM

/// What a request is answered with, before it is HTTP.
struct Answer: Sendable {
    var status: Int
    var headers: [(name: HTTPField.Name, value: String)] = []
    var body: [UInt8] = []
    var mediaType = Self.scim

    static let scim = "application/scim+json"

    init(_ status: Int, body: [UInt8] = []) {
        self.status = status
        self.body = body
    }

    init(_ error: SCIMError) {
        self.init(error.status, body: SCIMErrorJSON.bytes(error))
    }

    func adding(_ name: HTTPField.Name, _ value: String) -> Answer {
        var answer = self
        answer.headers.append((name, value))
        return answer
    }

    /// `withoutBody` for HEAD: the length stays that of the body.
    func response(withoutBody: Bool) -> Response {
        var fields = HTTPFields()
        fields.reserveCapacity(headers.count + 3)
        for header in headers { fields.append(HTTPField(name: header.name, value: header.value)) }
        if status != 204 && status != 304 {
            fields.append(HTTPField(name: .contentType, value: mediaType))
            fields.append(HTTPField(name: .contentLength, value: String(body.count)))
        }
        // Answers hold personal data, and are about one moment.
        fields.append(HTTPField(name: .cacheControl, value: "no-store"))
        let isEmpty = withoutBody || body.isEmpty
        return Response(
            status: HTTPResponse.Status(code: status), headers: fields,
            body: isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension SCIMError {
    /// The same for no token, a wrong, an expired and a revoked one.
    static let unauthorized = SCIMError(status: 401, detail: "A valid bearer token is required.")
    static let noEndpoint = SCIMError(status: 404, detail: "There is no such endpoint.")
    static let bodyTooLarge = SCIMError(status: 413, detail: "The request is larger than this service takes.")
    static let urlTooLong = SCIMError(status: 414, detail: "The URL is longer than this service takes.")
    static let mediaType = SCIMError(
        status: 415, detail: "The body must be application/scim+json or application/json, without a content encoding.")
    static let tooManyRequests = SCIMError(status: 429, detail: "Too many requests. Try again later.")
    static let bodyTooSlow = SCIMError(status: 408, detail: "The request did not arrive in time.")
    /// Nobody reads it; the log has it. There is no such status (nginx made it up), and no better one.
    static let clientIsGone = SCIMError(status: 499, detail: "The client closed the connection.")
    static let defect = SCIMError(status: 500, detail: "The service could not answer this request.")
    static let busy = SCIMError(status: 503, detail: "The service is busy. Try again later.")
    static let me = SCIMError(status: 501, detail: "A token stands for a team, not for a person: there is no /Me.")

    static func verb(_ verb: String, _ endpoint: Endpoint) -> SCIMError {
        SCIMError(status: 405, detail: "\(endpoint.label) does not take \(verb).")
    }
}
