import NIOPosix

/// The event loops, which requests run on as well: a connection's request is read, answered and sent by the one thread
/// that its socket belongs to, without waking another. Reading the roster by index takes less time than that would.
///
/// There are more loops than cores: while one waits for the disk, the others go on. What may take longer than a few
/// resources' time runs on ``RequestThreads``.
final class RequestLoops: TaskExecutor {
    let group: MultiThreadedEventLoopGroup

    init(count: Int) { group = MultiThreadedEventLoopGroup(numberOfThreads: count) }

    /// On the loop that woke the task; one that something else woke, on any.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let loop = MultiThreadedEventLoopGroup.currentEventLoop ?? group.next()
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
