import NIOPosix

/// Threads for requests that may take long: large bodies, groups, Bulk. They are apart from the ``RequestLoops``, so that
/// nobody who asks for little waits for them, and from Swift's shared threads, which must not block.
final class RequestThreads: TaskExecutor {
    private let threads: NIOThreadPool

    init(count: Int) { threads = NIOThreadPool(numberOfThreads: count) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Once the threads are gone NIO runs it where it is: what was begun is ended.
        threads.submit { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    func start() { threads.start() }

    /// Nothing may be running on them any more.
    func shutDown() async throws { try await threads.shutdownGracefully() }
}
