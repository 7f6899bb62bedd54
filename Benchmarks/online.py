"""The service under load, beside a bare route of the same HTTP server and a foreign SCIM server. Each gives `Row`s."""
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.parse

from measure import Failed, Row, run
from prepare import CACHE, bare_route, command, roster
from service import Load, Service, free_port

BASE = "/api/external/scim"

# wrk's operation (requests.lua) by its name in the table.
OPERATIONS = {
    "GET by id": "get", "filter by userName": "filter", "page of 100": "page", "page of 100, anywhere": "page anywhere",
    "POST": "post", "PATCH": "patch", "mixed": "mixed",
}
HELD_TO_BARE = ["GET by id", "filter by userName"]
HELD_TO_DISK = ["POST", "PATCH"]
FOREIGN_MEMBERS = 1_000


class Online:
    def __init__(self, bench, data):
        self.bench, self.scratch = bench, data.scratch("online")
        self.services = []
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir()

    def stop(self):
        for service in self.services:
            service.stop()
        shutil.rmtree(self.scratch)

    def stop_these(self, *services):
        for service in services:
            service.stop()
            self.services.remove(service)

    def start(self, *arguments, **options):
        self.services.append(Service(*arguments, **options))
        return self.services[-1]

    # Those that are measured.

    def ours(self, data):
        """`serve` with its defaults, on a copy of the roster that an import made."""
        database = self.bench.scratch(data, "online.sqlite")
        self.bench.fresh(roster(self.bench.popl_sync, data, "entra"), database)()
        issue = ["token", "issue", "--team", "bench", "--database", database, "--format", "json"]
        token = json.loads(run([self.bench.popl_sync, *issue]).output)["token"]
        port = free_port()
        return self.start(
            f"popl-sync-{data.people}", [self.bench.popl_sync, "serve", "--database", database, "--port", port],
            self.scratch, port, BASE, token)

    def foreign(self):
        """scim2-server keeps everything in memory: its members are posted."""
        port = free_port()
        service = self.start(
            "scim2-server", [CACHE / "venv" / "bin" / "scim2-server", "--port", port], self.scratch, port, "/v2")
        for number in range(FOREIGN_MEMBERS):
            name = f"member-{number}@northbay.example"
            service.ask("POST", "/Users", {
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name, "title": "Account Executive",
                "displayName": "Rosa Lindqvist", "name": {"givenName": "Rosa", "familyName": "Lindqvist"},
                "emails": [{"primary": True, "type": "work", "value": name}]})
        return service

    def bare(self, sizes):
        port = free_port()
        return self.start("bare-route", [bare_route(), port, *sizes], self.scratch, port)

    # The measurements.

    def operations(self, small, large):
        """`small` and `large`: Data. Every operation on both of ours, and on those they are compared with."""
        ours = self.ours(large)
        sizes = self.look(ours)
        bare = self.bare(sorted(set(sizes.values())))
        measured = {}
        for _ in range(self.bench.runs):
            # POST makes them grow, and they are to be small.
            ours_small, foreign = self.ours(small), self.foreign()
            for service in (ours_small, foreign):
                service.choose_members()
            disk = fsyncs(self.scratch)
            measured.setdefault("fsync", Load()).runs.append({"requests": disk, "seconds": 1})
            for name, operation in OPERATIONS.items():
                for service in (ours, ours_small, foreign):
                    measured.setdefault((name, service.name), Load()).runs.append(counted(service, operation))
                if name in sizes:
                    load = measured.setdefault((name, bare.name), Load())
                    load.runs.append(bare.load("constant", f"/{sizes[name]}"))
            small_peak = ours_small.peak
            self.stop_these(ours_small, foreign)
        rows = []
        for name in OPERATIONS:
            mine, other = measured[name, ours.name], measured[name, foreign.name]
            little = measured[name, ours_small.name]
            if name in HELD_TO_BARE:
                constant = measured[name, bare.name]
                rows.append(Row(
                    name, mine.text, f"bare route, {sizes[name]:,} bytes, {constant.rate:,.0f}/s",
                    mine.rate / constant.rate, 0.5, 0.75, at_least=True))
            elif name in HELD_TO_DISK:
                disk = measured["fsync"].rate
                rows.append(Row(name, mine.text, f"one fsync each {disk:,.0f}/s", mine.rate / disk, 8, 20, at_least=True))
            rows.append(Row(name, mine.text, f"scim2-server {other.text}", mine.rate / other.rate, 30, 60, at_least=True))
            if name in sizes and name not in HELD_TO_BARE:
                constant = measured[name, bare.name]
                rows[-1].notes.append(
                    f"a bare route with {sizes[name]:,} bytes {constant.rate:,.0f}/s, ours {mine.rate / constant.rate:.2f} ×")
            rows.append(Row(
                name, mine.text, f"at {small.people:,} members {little.rate:,.0f}/s", little.rate / mine.rate, 1.3, 1.1))
        rows[-1].notes.append(
            f"peak memory {ours.peak:.0f} MB at {large.people:,} members, {small_peak:.0f} MB at {small.people:,}")
        return rows

    def during_batch(self, data):
        """What online clients notice while an import writes into the same database as fast as it can."""
        ours = self.ours(data)
        self.look(ours)
        idle, busy = Load(), Load()
        for number in range(self.bench.runs):
            idle.runs.append(ours.load("mixed"))
            batch = self.importing(data, f"batch-{number}")
            busy.runs.append(ours.load("mixed"))
            if batch.poll() is not None:
                raise Failed("the import ended before the measurement did: give more --people")
            batch.send_signal(signal.SIGTERM)
            batch.wait()
        return Row(
            "p99, import beside it", busy.text, f"without one {idle.text}", busy.median("p99") / idle.median("p99"), 20, 5)

    def importing(self, data, team):
        """An import that has begun to write."""
        database = data.scratch("online.sqlite")
        arguments = command(
            self.bench.popl_sync, "import", "entra", database, data.export("entra", 1), "--create-team", team=team)
        batch = subprocess.Popen([str(part) for part in arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as reader:
            written = "SELECT 1 FROM tally JOIN team ON team.id = tally.team WHERE team.name = ? AND tally.total > 0"
            while batch.poll() is None and not reader.execute(written, [team]).fetchone():
                time.sleep(0.05)
        return batch

    def look(self, service):
        """That the answers are right, before they are counted. Gives their sizes."""
        person = service.choose_members()
        found, get = service.ask("GET", f"/Users/{person['id']}")
        asked = urllib.parse.quote(f'userName eq "{person["userName"]}"')
        matching, filtered = service.ask("GET", f"/Users?filter={asked}")
        page, paged = service.ask("GET", "/Users?count=100")
        if found["id"] != person["id"] or [user["id"] for user in matching["Resources"]] != [person["id"]]:
            raise Failed(f"{service.name} does not find {person['id']}")
        if len(page["Resources"]) != 100:
            raise Failed(f"{service.name} gives no page of 100")
        return {"GET by id": get, "filter by userName": filtered, "page of 100": paged}


def counted(service, operation):
    """A run whose new members are really there afterwards: those answered, and those on their way when wrk stopped."""
    before = service.total()
    result = service.load(operation)
    if operation == "post" and not result["requests"] <= service.total() - before <= result["requests"] + 64:
        raise Failed(f"{service.name} answered {result['requests']} POSTs, and has {service.total() - before} new members")
    return result


def fsyncs(scratch):
    """How often a second this disk takes a page and says that it is safe, one after the other."""
    path, page, count, start = scratch / "fsync", b"x" * 4096, 0, time.perf_counter()
    with open(path, "wb", buffering=0) as file:
        while time.perf_counter() - start < 2:
            file.write(page)
            os.fsync(file.fileno())
            count += 1
    path.unlink()
    return count / (time.perf_counter() - start)
