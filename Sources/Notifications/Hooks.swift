import SCIMClient

/// Posts to monitors and chats, within a time that a nightly job can spare.
package struct Hooks: Sendable {
    /// For one message, its second try included.
    package static let seconds = 10

    /// Why a message did not arrive, as a sentence's end: `answered with 500`.
    package struct NotTold: Error, Sendable { package let reason: String }

    private let http: HTTPTransport

    package init() {
        var settings = HTTPTransport.Settings()
        settings.seconds = Self.seconds
        // What is answered does not matter.
        settings.answerBytes = 64 << 10
        http = HTTPTransport(settings)
    }

    /// Must be called, last.
    package func close() async { await http.close() }

    /// The beginning, the end or the failure of a job, as healthchecks.io and what is like it take them.
    package enum Signal: String, Sendable { case start, success, fail }

    package func ping(_ url: HookURL, _ signal: Signal, _ text: String) async throws(NotTold) {
        let target = signal == .success ? url.text : url.ending(signal.rawValue)
        // Monitors keep the beginning of it.
        try await post(target, type: "text/plain; charset=utf-8", Array(text.utf8.prefix(10_000)))
    }

    package func post(_ news: RunNews, to url: HookURL, as shape: WebhookShape) async throws(NotTold) {
        try await post(url.text, type: "application/json; charset=utf-8", news.body(as: shape))
    }

    /// Tries a second time where there is time for it and the other side may have had a bad moment.
    private func post(_ url: String, type: String, _ body: [UInt8]) async throws(NotTold) {
        let end = ContinuousClock.now + .seconds(Self.seconds)
        do {
            try await once(url, type, body, seconds: Self.seconds)
        } catch  where error.isWorthAnotherTry {
            let left = Int((end - .now) / .seconds(1)) - 1
            guard left >= 1, (try? await Task.sleep(for: .seconds(1))) != nil else {
                throw NotTold(reason: error.reason)
            }
            do { try await once(url, type, body, seconds: left) } catch { throw NotTold(reason: error.reason) }
        } catch {
            throw NotTold(reason: error.reason)
        }
    }

    private struct Attempt: Error {
        let reason: String
        let isWorthAnotherTry: Bool
    }

    private func once(_ url: String, _ type: String, _ body: [UInt8], seconds: Int) async throws(Attempt) {
        let answer: HTTPTransport.Answer
        do {
            answer = try await http.send(
                "POST", url, headers: [(name: "Content-Type", value: type)], body: body, seconds: seconds)
        } catch {
            throw Attempt(reason: error.reason, isWorthAnotherTry: true)
        }
        switch answer.status {
        case 200..<300: return
        case 300..<400:
            // A message goes where the configuration says and nowhere else.
            throw Attempt(
                reason: "sends messages on (\(answer.status)), which is not followed", isWorthAnotherTry: false)
        case let status:
            throw Attempt(reason: "answered with \(status)", isWorthAnotherTry: status == 429 || status >= 500)
        }
    }
}
