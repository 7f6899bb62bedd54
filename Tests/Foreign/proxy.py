"""Stands between a client and one SCIM service, and does to their conversation what bad networks do. Standard library only.

`Proxy` listens twice, with TLS and without. It takes the next schedule, and the next service, without being started
anew; `exchanges` says what was asked, what befell it, and whether the service acted.
"""

import asyncio
import contextlib
import email.utils
import pathlib
import socket
import ssl
import struct
import time
from dataclasses import dataclass

from faults import Fault

# Of 127.0.0.1, and its own authority.
CERTIFICATE = pathlib.Path(__file__).parent.parent / "ProgramTests" / "Online" / "certificate.pem"
# What captive portals and balancers answer in a service's stead.
PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>"


@dataclass
class Exchange:
    method: str
    path: str
    body: bytes
    fault: Fault | None
    arrived: float  # seconds since the epoch
    status: int | None = None  # the service's own; None: it never saw the request
    answer: bytes = b""
    wait_until: float = 0.0  # what a Retry-After announced, since the epoch

    def __str__(self):
        seen = f"{self.status}" if self.status else "unseen"
        body = f" {self.body[:160].decode(errors='replace')}" if self.method != "GET" else ""
        return f"{self.method} {self.path} {seen}" + (f"  [{self.fault}]" if self.fault else "") + body


@dataclass
class Message:
    first: str
    headers: list
    body: bytes

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name), None)


class Proxy:
    def __init__(self):
        self.upstream = None  # (host, port)
        self.schedule = None
        self.kill = None  # called to kill the client
        self.exchanges = []

    async def start(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("key.pem"))
        self.listening = [
            await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=security) for security in (None, context)]
        self.port, self.tls_port = (listener.sockets[0].getsockname()[1] for listener in self.listening)

    def begin(self, upstream, schedule, kill=None):
        self.upstream, self.schedule, self.kill, self.exchanges = upstream, schedule, kill, []

    async def serve(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while request := await read_message(reader):
                if not await self.exchange(request, writer):
                    break
        writer.close()

    async def exchange(self, request, writer):
        """Answers one request. Gives whether the connection goes on."""
        method, path, _ = request.first.split(" ", 2)
        fault = self.schedule.next(method) if self.schedule else None
        exchange = Exchange(method, path, request.body, fault, time.time())
        self.exchanges.append(exchange)
        if fault and fault.when == "unseen":
            return await unseen(fault, exchange, writer)
        if not (fault and fault.when == "killed" and fault.what == "before"):
            answer = await forward(request, self.upstream)
            exchange.status, exchange.answer = int(answer.first.split(" ", 2)[1]), answer.body
            if wait := answer.header("retry-after"):
                exchange.wait_until = time.time() + int(wait)
        if fault and fault.when == "killed":
            self.kill()
            return reset(writer)
        if fault and fault.when == "acted":
            return await acted(fault, answer, writer)
        return await answered(fault, answer, writer)


async def unseen(fault, exchange, writer):
    """The service never learns of the request."""
    status = int(fault.what[:3]) if fault.what[:3].isdigit() else None
    if fault.what == "reset":
        return reset(writer)
    if status is None:
        return False
    if fault.what.endswith("page"):
        return await send(writer, status, PAGE, "text/html")
    headers = []
    if "seconds" in fault.what:
        headers = [("Retry-After", str(fault.seconds))]
        exchange.wait_until = time.time() + fault.seconds
    elif "date" in fault.what:
        exchange.wait_until = int(time.time()) + fault.seconds
        headers = [("Retry-After", email.utils.formatdate(exchange.wait_until, usegmt=True))]
    return await send(writer, status, b"", "text/plain", headers)


async def acted(fault, answer, writer):
    """The service has done what was asked, and the client does not learn of it."""
    if fault.what == "reset":
        return reset(writer)
    if fault.what == "hang up":
        return False
    if fault.what == "cut short":
        writer.write(head(answer.first.split(" ", 1)[1], answer.headers, len(answer.body) + 64))
        writer.write(answer.body[: len(answer.body) // 2])
        await writer.drain()
        return False
    status, body, type = {
        "500": (500, b"", "text/plain"), "504 page": (504, PAGE, "text/html"), "200 page": (200, PAGE, "text/html"),
        "half the JSON": (200, answer.body[: len(answer.body) // 2], "application/scim+json"),
        "garbage": (200, bytes(range(1, 200)), "application/scim+json"), "nothing": (200, b"", "application/scim+json"),
    }[fault.what]
    return await send(writer, status, body, type)


async def answered(fault, answer, writer):
    """The client is answered as the service meant it, sooner or later."""
    if fault and fault.what == "delay":
        await asyncio.sleep(0.05)
    whole = head(answer.first.split(" ", 1)[1], answer.headers, len(answer.body)) + answer.body
    if fault and fault.what == "drip":
        for start in range(0, len(whole), max(1, len(whole) // 20)):
            writer.write(whole[start : start + max(1, len(whole) // 20)])
            await writer.drain()
            await asyncio.sleep(0.005)
    else:
        writer.write(whole)
        await writer.drain()
    # Whoever keeps the connection for the next request finds it closed.
    return not (fault and fault.what == "hang up")


def reset(writer):
    """Ends the connection so that the other side sees it torn (RST), not closed."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return False


async def send(writer, status, body, type, headers=()):
    writer.write(head(f"{status} Said", [*headers, ("Content-Type", type)], len(body)) + body)
    await writer.drain()
    return True


HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


def head(status, headers, length):
    lines = [f"{name}: {value}" for name, value in headers if name.lower() not in HOP_BY_HOP]
    # RFC 9110 §8.6: an answer without content says nothing of its length.
    lines += [] if status.startswith(("204", "304")) else [f"Content-Length: {length}"]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


async def forward(request, upstream):
    """Asks the service over a connection of its own, which ends with the answer."""
    reader, writer = await asyncio.open_connection(*upstream)
    lines = [f"{name}: {value}" for name, value in request.headers if name.lower() != "connection"]
    writer.write("\r\n".join([request.first, *lines, "Connection: close", "", ""]).encode() + request.body)
    await writer.drain()
    answer = await read_message(reader, is_answer=True)
    writer.close()
    assert answer, f"the service hung up on {request.first}"
    return answer


async def read_message(reader, is_answer=False):
    """A request or an answer, whole; None when the other side is done."""
    try:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = text.split("\r\n")[:-2]
    headers = [(line.partition(":")[0], line.partition(":")[2].strip()) for line in lines]
    message = Message(first, headers, b"")
    if (message.header("transfer-encoding") or "").lower() == "chunked":
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            message.body += (await reader.readexactly(size + 2))[:size]
        await reader.readuntil(b"\r\n")
    elif length := message.header("content-length"):
        message.body = await reader.readexactly(int(length))
    elif is_answer and not first.split(" ")[1] == "204":
        message.body = await reader.read()
    return message
