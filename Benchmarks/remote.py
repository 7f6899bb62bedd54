"""The nightly job whose target is a SCIM service elsewhere, beside a plain sequential client. Each gives `Row`s."""
import contextlib
import csv
import itertools
import json
import shutil
import statistics

from latency import Line
from measure import Failed, Row, run
from prepare import CACHE, PEERS
from service import Service, free_port

TOKEN = "of-the-benchmark-only"
# As the configuration below allows; the bound is what requests one after the other on so many connections take.
CONCURRENCY = 8
LATENCY = 0.05  # seconds
# How much of an import the sequential client is measured on when each request takes that long.
SHARE = 10
COLUMNS = ["id", "userName", "givenName", "familyName", "displayName", "title"]

CONFIGURATION = """\
team: bench
target: {target}
source: {{ name: hr }}
mapping:
  externalId: id
  userName: userName
  emails.work: userName
  name.givenName: givenName
  name.familyName: familyName
  displayName: displayName
  title: title
"""


class Remote:
    def __init__(self, bench, people):
        self.bench, self.members, self.imported = bench, people // 10, people // 50
        self.scratch = CACHE / f"scratch-remote-{people}"
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)
        self.services, self.number = [], itertools.count()
        # Seconds without latency, by work and service.
        self.nearby = {}

    def stop(self):
        for service in self.services:
            service.stop()
        shutil.rmtree(self.scratch)

    # What is synced.

    def export(self, people, night=1):
        """A CSV file. On the second night every hundredth has another title."""
        path = self.scratch / f"{people}-{night}.csv"
        if not path.exists():
            with open(path, "w", encoding="utf-8", newline="") as file:
                rows = csv.writer(file)
                rows.writerow(COLUMNS)
                for number in range(people):
                    title = "Director" if night == 2 and number in differing(people) else "Engineer"
                    rows.writerow([
                        f"00u{number:07}", f"person.{number:07}@northbay.example", f"Given{number}", f"Ödegård {number}",
                        f"Given{number} Ödegård {number}", title])
        path.touch()
        return path

    def configuration(self, target):
        path = self.scratch / f"configuration-{next(self.number)}.yaml"
        path.write_text(CONFIGURATION.format(target=target))
        return path

    # Where to.

    @contextlib.contextmanager
    def serving(self, name, people):
        """A service with that many people, or nobody."""
        start = {"serve": self.serve, "scim2-server": self.scim2_server}[name]
        service = start(people)
        self.services.append(service)
        try:
            yield service
        finally:
            service.stop()
            self.services.remove(service)

    def serve(self, people):
        database, port = self.scratch / f"serve-{next(self.number)}.sqlite", free_port()
        popl_sync = self.bench.popl_sync
        if people:
            local = self.configuration(f"{{ database: {database} }}")
            run([popl_sync, "import", self.export(people), "--config", local, "--create-team"])
        else:
            run([popl_sync, "team", "create", "bench", "--database", database])
        issued = run([popl_sync, "token", "issue", "--team", "bench", "--database", database, "--format", "json"]).output
        return Service(
            "serve", [popl_sync, "serve", "--database", database, "--port", port, "--quiet"], self.scratch, port,
            "/api/external/scim", json.loads(issued)["token"])

    def scim2_server(self, people):
        port = free_port()
        command = [self.bench.python, PEERS / "scim2_service.py", port, TOKEN]
        return Service(
            "scim2-server", command + ([self.export(people)] if people else []), self.scratch, port, "/v2", TOKEN)

    # Who syncs.

    def ours(self, service, configuration, export, made, changed):
        cost = run([
            "env", f"POPL_SCIM_TOKEN={service.token}", self.bench.popl_sync, "sync", export, "--config", configuration,
            "--format", "json"])
        document = json.loads(cost.output)
        found = document["summary"]["create"], document["summary"]["update"]
        if found != (made, changed) or any(change["outcome"] != "applied" for change in document["changes"]):
            raise Failed(f"popl-sync made and changed {found} of {service.name}, but {made} and {changed} are in the export")
        return cost

    def peer(self, service, port, export, made, changed):
        cost = run([
            "env", f"POPL_SCIM_TOKEN={service.token}", self.bench.python, PEERS / "scim2_client_sync.py",
            f"http://127.0.0.1:{port}{service.base}", export])
        did = json.loads(cost.output)
        if (did["created"], did["changed"]) != (made, changed):
            raise Failed(f"scim2-client did {cost.output} to {service.name}")
        return cost.wall, did["seconds"]

    # What is measured.

    def rows(self):
        rows = []
        for name, latency in itertools.product(["serve", "scim2-server"], [0, LATENCY]):
            rows += self.sync(name, latency)
            rows += self.first_import(name, latency)
        rows[0].notes.append(self.memory())
        rows[0].notes.append(self.ceiling())
        return rows

    def sync(self, name, latency):
        """Every run finds the title of each hundredth changed: the exports of two nights take turns."""
        changed, nights = len(differing(self.members)), itertools.cycle([2, 1])
        with self.serving(name, self.members) as service, way(service, latency) as (port, line):
            configuration = self.configuration(self.target(service, port))
            # The first run takes everybody under the job's management, and nobody waits for it.
            with line.without_latency():
                self.ours(service, configuration, self.export(self.members), 0, 0)
            costs, requests = [], []
            for _ in range(self.runs(name)):
                before = line.requests
                costs.append(self.ours(service, configuration, self.export(self.members, next(nights)), 0, changed))
                requests.append(line.requests - before)
            peer, _ = self.peer(service, port, self.export(self.members, next(nights)), 0, changed)
        self.peak = max(cost.memory for cost in costs)
        return self.compared(f"sync of {self.members:,}, 1 %", name, latency, costs, requests, peer)

    def first_import(self, name, latency):
        costs, requests = [], []
        for _ in range(self.runs(name)):
            with self.serving(name, 0) as service, way(service, latency) as (port, line):
                configuration = self.configuration(self.target(service, port))
                costs.append(self.ours(service, configuration, self.export(self.imported), self.imported, 0))
                requests.append(line.requests)
                if service.total() != self.imported:
                    raise Failed(f"{name} has {service.total()} people after the import of {self.imported}")
        share = SHARE if latency else 1
        with self.serving(name, 0) as service, way(service, latency) as (port, _):
            people = self.imported // share
            peer, asking = self.peer(service, port, self.export(people), people, 0)
        return self.compared(
            f"import of {self.imported:,}", name, latency, costs, requests, peer + asking * (share - 1),
            f", by {people:,}" if share > 1 else "")

    def runs(self, name):
        """A foreign server takes minutes to list its people, whoever asks: once is enough to see who waits for whom."""
        return self.bench.runs if name == "serve" else 1

    def compared(self, work, name, latency, costs, requests, peer, remark=""):
        wall, asked = statistics.median(cost.wall for cost in costs), round(statistics.median(requests))
        ours = f"{wall:.1f} s" + (f", {asked:,} requests" if latency else "")
        title = f"{work}, {name}, {latency * 1000:.0f} ms"
        rows = [Row(title, ours, f"scim2-client {peer:.1f} s{remark}", wall / peer, 0.5, 0.2)]
        if not latency:
            self.nearby[work, name] = wall
            return rows
        # No less is possible: what it takes next door, and requests one after the other on so many connections.
        line = asked * latency / CONCURRENCY
        bound = self.nearby[work, name] + line
        rows.append(Row(title, ours, f"0 ms + {asked:,} × {latency * 1000:.0f} ms ÷ {CONCURRENCY}, {bound:.1f} s",
                        wall / bound, 1.5, 1.1, notes=[f"{wall / line:.1f} × {line:.1f} s, the latency alone"]))
        return rows

    def memory(self):
        """What a member costs, by a roster of a tenth."""
        few = self.members // 10
        with self.serving("serve", few) as service:
            configuration = self.configuration(self.target(service, service.port))
            self.ours(service, configuration, self.export(few), 0, 0)
            small = self.ours(service, configuration, self.export(few, 2), 0, len(differing(few))).memory
        each = (self.peak - small) * 1e6 / (self.members - few)
        return (f"peak memory {self.peak:.0f} MB at {self.members:,} members, {small:.0f} MB at {few:,}: "
                f"{each:.0f} bytes a member")

    def ceiling(self):
        """What the line lets through, so that it is not the line that was measured."""
        with self.serving("serve", 0) as service, way(service, LATENCY) as (port, line):
            seconds = 5
            run(["wrk", "-t1", "-c512", f"-d{seconds}s", f"http://127.0.0.1:{port}/healthz"])
        return f"the line of {LATENCY * 1000:.0f} ms carries {line.requests / seconds:,.0f} requests/s"

    def target(self, service, port):
        """With a state of its own; the token comes from the environment."""
        state = self.scratch / f"state-{next(self.number)}.sqlite"
        return f'{{ scim: "http://127.0.0.1:{port}{service.base}/", state: {state}, concurrency: {CONCURRENCY} }}'


def differing(people):
    """Who has another title on the second night."""
    return range(7, people, 100)


@contextlib.contextmanager
def way(service, latency):
    """The port by which to go to `service`, and the line. Without latency it is the service's own, and no line's."""
    line = Line(service.port, latency)
    try:
        yield (line.port if latency else service.port), line
    finally:
        line.stop()
