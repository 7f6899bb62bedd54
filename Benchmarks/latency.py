"""A line of a given length between a client and a service: bytes arrive later, and none is lost. Standard library only."""
import asyncio
import contextlib
import threading


class Line:
    """Listens on `port` of this machine and leads to the port `to`. Half of `seconds` is added each way.

    It lives in a thread of its own. `requests` counts how often a client began to speak after it had been answered: the
    requests of HTTP/1.1 clients, which wait for each answer.
    """

    def __init__(self, to, seconds):
        self.to, self.seconds, self.requests = to, seconds, 0
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(
            self.loop.create_server(lambda: Near(self), "127.0.0.1", 0, backlog=1024))
        self.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def later(self, do, *arguments):
        if self.seconds:
            self.loop.call_later(self.seconds / 2, do, *arguments)
        else:
            do(*arguments)

    @contextlib.contextmanager
    def without_latency(self):
        seconds, self.seconds = self.seconds, 0
        yield
        self.seconds = seconds

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.server.close()


class Near(asyncio.Protocol):
    """The client's end of a connection."""

    def __init__(self, line):
        self.line, self.far, self.early, self.may_ask = line, None, [], True

    def connection_made(self, transport):
        self.transport = transport
        self.opening = self.line.loop.create_task(self.open())

    async def open(self):
        try:
            _, self.far = await self.line.loop.create_connection(lambda: Far(self), "127.0.0.1", self.line.to)
        except OSError:
            self.transport.abort()
            return
        for data in self.early:
            self.line.later(self.far.transport.write, data)

    def data_received(self, data):
        if self.may_ask:
            self.line.requests += 1
            self.may_ask = False
        if self.far:
            self.line.later(self.far.transport.write, data)
        else:
            self.early.append(data)

    def connection_lost(self, _):
        if self.far:
            self.line.later(self.far.transport.close)


class Far(asyncio.Protocol):
    """The service's end."""

    def __init__(self, near):
        self.near = near

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.near.may_ask = True
        self.near.line.later(self.near.transport.write, data)

    def connection_lost(self, _):
        self.near.line.later(self.near.transport.close)
