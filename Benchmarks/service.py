"""A server under measurement: started, asked, loaded by `wrk`, stopped. Standard library only, Linux."""
import contextlib
import http.client
import json
import pathlib
import signal
import socket
import statistics
import subprocess
import time
from dataclasses import dataclass, field

from measure import Failed, run

CONNECTIONS = 32
SAMPLE = 10_000  # members that requests ask for, at most
SCRIPT = pathlib.Path(__file__).parent / "requests.lua"


@dataclass
class Load:
    """What came of the runs of one operation."""

    runs: list = field(default_factory=list)

    def median(self, what):
        return statistics.median(result[what] for result in self.runs)

    @property
    def rate(self):
        """Requests a second."""
        return statistics.median(result["requests"] / result["seconds"] for result in self.runs)

    @property
    def text(self):
        return f"{self.rate:,.0f}/s, p50 {self.median('p50') / 1000:.1f} p99 {self.median('p99') / 1000:.1f} ms"


class Service:
    def __init__(self, name, command, scratch, port, base="", token="none"):
        """`command` makes it listen on `port` of this machine; `base` is the path of its SCIM endpoints."""
        self.name, self.port, self.base, self.token = name, port, base, token
        self.people = scratch / f"{name}.people"
        self.output = scratch / f"{name}.output"
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen([str(part) for part in command], stdout=output, stderr=output)
        self.wait()

    def wait(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            time.sleep(0.05)
        self.stop()
        raise Failed(f"{self.name} does not listen: {self.output.read_text(errors='replace')[-2000:]}")

    def ask(self, method, path, body=None):
        """The answer's JSON and its length in bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/scim+json"}
        connection.request(method, self.base + path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status >= 400:
            raise Failed(f"{self.name}: {method} {path} answers {answer.status} {content[:500]}")
        return json.loads(content), len(content)

    def total(self):
        return self.ask("GET", "/Users?count=1")[0]["totalResults"]

    def choose_members(self):
        """A sample from all over the roster, the same one for every run. Gives one of them, to look at."""
        total, each = self.total(), 100
        pages = min(SAMPLE, total) // each
        with open(self.people, "w") as file:
            for page in range(pages):
                start = 1 + page * (total // pages)
                found = self.ask("GET", f"/Users?count={each}&startIndex={start}")[0]["Resources"]
                if len(found) != each:
                    raise Failed(f"{self.name} gives {len(found)} members for a page of {each}")
                file.writelines(f"{user['id']} {user['userName']}\n" for user in found)
        return found[0]

    def load(self, operation, path="", seconds=5):
        """One run of wrk. A single error in it, or none answered, and there is no result."""
        address = f"http://127.0.0.1:{self.port}{self.base}{path}"
        wrk = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "--timeout", "30s", "-s", SCRIPT, address]
        output = run([*wrk, "--", operation, self.token, self.people, f"r{time.time_ns()}"]).output.decode()
        result = json.loads(next(line for line in output.splitlines() if line.startswith("RESULT "))[7:])
        if result["refused"] or result["broken"] or not result["requests"]:
            raise Failed(f"{self.name}, {operation}: {result}")
        return result

    @property
    def peak(self):
        """Megabytes (10^6), at most, since it was started."""
        lines = pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.process.kill()
        self.process.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
