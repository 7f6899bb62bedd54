"""Two nights of a small company over a network that fails by a seed: schedules.py PROGRAM SERVER --seeds 1-300

Each schedule is a team of its own and one night through `proxy.py`: the import by even seeds, by odd ones the next night
with joiners, leavers, renames, swaps and groups; a third of them over TLS. A run that gave up or was killed is started
again, as cron does. In the end the roster is that of a run without faults, each change was applied once, nobody was asked
again before a Retry-After was over, and, looked at now and then, a further run has nothing to do and the journal has each
change once.

A seed that fails is replayed with the line that is printed; `--trace` shows the whole conversation.
"""

import argparse
import asyncio
import collections
import pathlib
import signal
import shutil
import sys
import tempfile
import time

import nights
import servers
from conversation import Failed, applied_once, check, waited
from faults import Schedule
from program import Job
from proxy import CERTIFICATE, Proxy

PEOPLE = 8
# Runs of one night until it is through: a schedule has eight faults at most, and a run may end of each.
TRIES = 10
# What the second night changes, all told: five people, a joiner, a leaver, a new group and three others.
CHANGES = 10
# A further run is made after one in so many, since starting the program is most of what a schedule costs.
LOOKS_AGAIN = 4
# Exit codes after which cron's next start is all that it takes: some operations failed, no service, killed.
AGAIN = {1, 69, -9}


class Lane:
    """Plays one schedule after the other, with a proxy of its own and, where a service has one team, a server too."""

    def __init__(self, program, server, folder):
        self.program, self.server, self.folder, self.proxy = program, server, folder, Proxy()
        self.runs, self.place = 0, None
        self.first = nights.first(PEOPLE)
        self.second = nights.second(self.first)
        for name, night in (("first", self.first), ("second", self.second)):
            (folder / name).mkdir(parents=True)
            night.write(folder / name)

    async def play(self, seed):
        """The conversation in full is in the proxy, also when this fails."""
        folder = self.folder / f"seed-{seed}"
        self.place = await asyncio.to_thread(self.server.next, self.place, f"s{seed}")
        job = self.job_over_tls(folder) if seed % 3 == 0 else self.job(folder)
        self.proxy.begin(self.place.address, None, job.kill)
        is_import = seed % 2 == 0
        if not is_import:
            await self.until_done(job, "first")
        self.proxy.schedule = Schedule(seed)
        await self.until_done(job, "first" if is_import else "second")
        self.proxy.schedule = None
        if seed // 2 % LOOKS_AGAIN == 0:
            await self.look_again(job, 0 if is_import else CHANGES)
        there = [self.first] if is_import else [self.first, self.second]
        found = await asyncio.to_thread(nights.found, self.place)
        differences = nights.differences(nights.expected(self.server, *there), found)
        check(not differences, "the roster differs:\n  " + "\n  ".join(differences))
        applied_once(self.proxy.exchanges)
        waited(self.proxy.exchanges)
        shutil.rmtree(folder)

    def job(self, folder):
        return Job(self.program, folder, self.place, self.place.behind(self.proxy.port))

    def job_over_tls(self, folder):
        url = self.place.behind(self.proxy.tls_port, "https")
        return Job(self.program, folder, self.place, url, f"  ca-file: {CERTIFICATE}\n")

    async def until_done(self, job, night):
        job.exports(self.folder / night)
        for _ in range(TRIES):
            self.runs += 1
            run = await job.run("sync", "--format", "json")
            if run.exit == 0:
                return
            check(run.exit in AGAIN, f"the {night} night: {run}")
        raise Failed(f"the {night} night is not through after {TRIES} runs: {run}")

    async def look_again(self, job, changes):
        done = len(self.proxy.exchanges)
        run = await job.run("sync", "--format", "json")
        check(run.exit == 0 and run.document["verdict"] == "in-sync", f"a further run is not silent: {run}")
        writes = [str(exchange) for exchange in self.proxy.exchanges[done:] if exchange.method != "GET"]
        check(not writes, f"a further run wrote: {writes}")
        verified = await job.run("history", "--verify")
        check(verified.exit == 0, f"history --verify: {verified}")
        history = await job.run("history", "--format", "json")
        # A run that was killed says how far it got.
        journaled = sum(
            run["outcomes"]["applied"] if "outcomes" in run else run["journaled"] for run in history.document["runs"])
        wanted = len(self.first.people) + len(self.first.groups) + changes
        # Killed in the middle of a swap, a run has journaled that somebody is called something else for the time being.
        # And whom a run could not make, the next one adds to their groups: a change more for each of these.
        kills = sum(exchange.fault.when == "killed" for exchange in self.proxy.exchanges if exchange.fault)
        again = len(self.second.groups) if len(history.document["runs"]) > (3 if changes else 2) else 0
        check(
            wanted <= journaled <= wanted + kills + again,
            f"{journaled} changes are in the journal instead of {wanted}: {history.output}")


async def play_all(arguments, folder):
    program = arguments.program.resolve()
    started, lanes = [], []
    try:
        for number in range(arguments.lanes):
            place = folder / f"lane-{number}"
            if number == 0 or not servers.SERVERS[arguments.server].is_shared:
                started.append(servers.start(arguments.server, place, program))
            lanes.append(Lane(program, started[-1], place))
            await lanes[-1].proxy.start()
        return await share(lanes, arguments)
    finally:
        for server in started:
            server.stop()


async def share(lanes, arguments):
    """All seeds, each played by the lane that is free. Gives how many failed."""
    seeds, failed, faults, spared = iter(arguments.seeds), [], collections.Counter(), 0

    async def work(lane):
        nonlocal spared
        for seed in seeds:
            if len(failed) == arguments.failures:
                return
            try:
                await lane.play(seed)
            except AssertionError as failure:
                failed.append(seed)
                tell(arguments, seed, failure, lane.proxy.exchanges)
            else:
                if arguments.trace:
                    print(*lane.proxy.exchanges, sep="\n")
            met = [exchange.fault.when for exchange in lane.proxy.exchanges if exchange.fault]
            faults.update(met)
            spared += not met

    began = time.monotonic()
    await asyncio.gather(*map(work, lanes))
    runs = sum(lane.runs for lane in lanes)
    print(f"{arguments.server}: {len(arguments.seeds)} schedules, {sum(faults.values())} faults {dict(faults)}, "
          f"{spared} without one, {runs} runs, {time.monotonic() - began:.0f} s, {len(failed)} failed")
    return len(failed)


def tell(arguments, seed, failure, exchanges):
    lines = [str(exchange) for exchange in exchanges if exchange.fault or arguments.trace or exchange.method != "GET"]
    replay = f"{sys.executable} {sys.argv[0]} {arguments.program} {arguments.server} --seeds {seed} --lanes 1 --trace"
    print(f"{arguments.server}, seed {seed}: {failure}\n  " + "\n  ".join(lines) + f"\nReplay: {replay}", file=sys.stderr)


def seeds(text):
    begin, _, end = text.partition("-")
    return range(int(begin), int(end or begin) + 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("server", choices=servers.SERVERS)
    parser.add_argument("--seeds", type=seeds, default=seeds("1-10"), help="one, or the first and the last: 1-300")
    parser.add_argument("--lanes", type=int, default=2)
    parser.add_argument("--failures", type=int, default=5, help="how many are told before it stops")
    parser.add_argument("--trace", action="store_true")
    arguments = parser.parse_args()
    # Whoever is told to end takes the servers along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="schedules-") as folder:
        return asyncio.run(play_all(arguments, pathlib.Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
