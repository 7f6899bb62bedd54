import NIOPosix

/// The threads that requests run on, from their head to their answer: apart from the event loops, which only ever wait
/// for sockets, and from Swift's shared threads, which must not block. A thread may read the roster here and now, without
/// handing the question on and waiting for another thread to wake.
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
