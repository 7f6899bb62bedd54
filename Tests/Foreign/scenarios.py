"""What a company does with its nightly job, against one real service: scenarios.py PROGRAM SERVER [--people 2000]

Import, a second run that is silent, a night with joiners, leavers, renames, swaps and groups, taking that night back, and
that night again. After each the roster is read from the service itself and compared with what must be there. The
conversation is looked at too: nothing is written by a run that has nothing to do, and no announced limit is exceeded.
"""

import argparse
import asyncio
import pathlib
import signal
import sys
import tempfile
import time

import nights
import servers
from conversation import check, limits_kept, waited
from program import Job
from proxy import Proxy

# Tries until a service that refuses something is known; each person asks for the same, so it must not be one each.
REFUSALS = 40


class Scenario:
    def __init__(self, program, server, folder):
        self.server, self.folder, self.proxy = server, folder, Proxy()
        self.place = server.fresh("acme")
        self.program = program

    async def play(self, people):
        await self.proxy.start()
        self.job = Job(self.program, self.folder / "job", self.place, self.place.behind(self.proxy.port))
        bystanders = self.bystanders()
        first = nights.first(people)
        second = nights.second(first)
        for name, night in (("first", first), ("second", second)):
            (self.folder / name).mkdir()
            night.write(self.folder / name)

        self.job.exports(self.folder / "first")
        imported = await self.step("import", "sync")
        self.says_what_is_not_kept(imported)
        self.roster_is(first)
        ids = self.ids()
        await self.silent("second run")

        self.job.exports(self.folder / "second")
        night = await self.step("nightly sync", "sync")
        self.sends_nothing_in_vain("nightly sync")
        self.roster_is(first, second)
        now = self.ids()
        moved = {id for id, old in ids.items() if now.get(id) != old}
        check(not moved, f"{len(moved)} people are not the same ones as before: {sorted(moved)[:5]}")

        # The group that the night made is emptied, which is for a person to accept.
        await self.step("undo", "undo", night.document["run"], "--apply", "--accept", "group-emptied=1")
        self.roster_is_as_before(first, second)
        await self.step("sync again", "sync")
        self.roster_is(first, second)
        await self.silent("last run")

        plan = await self.job.run("plan", "--detailed-exitcode")
        check(plan.exit == 0, f"the last plan is not empty: {plan}")
        history = await self.job.run("history", "--verify")
        check(history.exit == 0, f"history --verify: {history}")
        check(self.bystanders() == bystanders, "another team was changed")

    # Steps.

    async def step(self, name, *arguments):
        """One run, which must end well and keep to what the service announces."""
        run, seconds = await self.timed(*arguments)
        check(run.exit == 0, f"{name}: {run}")
        refused = [exchange for exchange in self.writes() if not 200 <= exchange.status < 300]
        check(len(refused) <= REFUSALS, f"{name}: {len(refused)} writes were refused, such as {refused[:3]}")
        limits_kept(self.proxy.exchanges, self.place.ask("GET", "ServiceProviderConfig"))
        waited(self.proxy.exchanges)
        print(f"{name}: {len(self.proxy.exchanges)} requests, {len(self.writes())} writes, "
              f"{len(refused)} refused, {seconds:.1f} s", flush=True)
        return run

    async def silent(self, name):
        run, _ = await self.timed("sync")
        check(run.exit == 0 and run.document["verdict"] == "in-sync", f"{name} is not silent: {run}")
        check(not self.writes(), f"{name} wrote: {[str(write) for write in self.writes()[:5]]}")
        print(f"{self.server.name}: the {name} was silent", flush=True)

    async def timed(self, *arguments):
        self.proxy.begin(self.place.address, None)
        began = time.monotonic()
        run = await self.job.run(*arguments, "--format", "json", seconds=900)
        return run, time.monotonic() - began

    def writes(self):
        return [exchange for exchange in self.proxy.exchanges if exchange.method != "GET"
                and not exchange.path.endswith("/.search")]

    # What must hold.

    def says_what_is_not_kept(self, run):
        notices = " ".join(notice["message"] for notice in run.document["notices"])
        for name in self.server.not_kept:
            check(name in notices, f"that {name} is not kept is not in the report: {notices}")

    def sends_nothing_in_vain(self, name):
        for exchange in self.writes():
            vain = [attribute for attribute in self.server.not_kept if f'"{attribute}"'.encode() in exchange.body]
            check(not vain, f"{name} sent {vain} again: {exchange}")

    def roster_is(self, *those):
        self.compare(nights.expected(self.server, *those))

    def roster_is_as_before(self, first, second):
        """The first night's, the second one's newcomers inactive; groups that it made are empty."""
        people, groups = nights.expected(self.server, first)
        for id in second.people.keys() - first.people.keys():
            people[id] = nights.expected(self.server, second, first)[0][id]
        names = {name for name, _ in first.groups.values()}
        groups |= {name: [] for id, (name, _) in second.groups.items() if id not in first.groups and name not in names}
        self.compare((people, groups))

    def compare(self, expected):
        self.users = self.place.all("Users")
        differences = nights.differences(expected, nights.flattened(self.users, self.place.all("Groups")))
        check(not differences, "the roster differs:\n  " + "\n  ".join(differences))

    def ids(self):
        """By externalId, as they were when the roster was last looked at."""
        return {user.get("externalId") or user["userName"]: user["id"] for user in self.users}

    def bystanders(self):
        """Another team of the same service, with somebody of the same name in it."""
        if not self.server.has_teams:
            return None
        if not hasattr(self, "other"):
            self.other = self.server.fresh("other")
            self.other.ask("POST", "Users", {
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": nights.joiner(0).userName,
                "externalId": nights.joiner(0).externalId})
        return self.other.all("Users"), self.other.all("Groups")

    def told(self, failure):
        last = "\n  ".join(str(exchange) for exchange in self.proxy.exchanges[-20:])
        return f"{self.server.name}: {failure}\nThe last requests:\n  {last}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("server", choices=servers.SERVERS)
    parser.add_argument("--people", type=int, default=2000)
    arguments = parser.parse_args()
    # Whoever is told to end takes the servers along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    program = arguments.program.resolve()
    with tempfile.TemporaryDirectory(prefix="foreign-") as folder:
        server = servers.start(arguments.server, folder, program)
        try:
            scenario = Scenario(program, server, pathlib.Path(folder))
            asyncio.run(scenario.play(arguments.people))
        except AssertionError as failure:
            return scenario.told(failure)
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
