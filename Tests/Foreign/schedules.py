"""Two nights of a small company over a network that fails by a seed: schedules.py PROGRAM SERVER --seeds 1-300

Each schedule is an empty team, its import and its next night, through `proxy.py`. A run that gave up or was killed is
started again, as cron does. In the end the roster is that of a run without faults, each change was applied once, nobody
was asked again before a Retry-After was over, and a further run has nothing to do.

A seed that fails is replayed with the line that is printed; `--trace` shows the whole conversation.
"""

import argparse
import asyncio
import collections
import json
import pathlib
import shutil
import sys
import tempfile
import time

import nights
import servers
from program import Job
from proxy import Proxy, Schedule

PEOPLE = 8
# Runs of one night until it is through: a schedule has eight faults at most, and a run may end of each.
TRIES = 10
# Exit codes after which cron's next start is all that it takes: some operations failed, no service, killed.
AGAIN = {1, 69, -9}


class Failed(AssertionError):
    pass


def check(holds, sentence):
    if not holds:
        raise Failed(sentence)


class Lane:
    """Plays one schedule after the other, with a proxy of its own and, where a service has one team, a server too."""

    def __init__(self, program, server, folder, expected):
        self.program, self.server, self.folder = program, server, folder
        self.expected, self.proxy = expected, Proxy()
        self.runs = 0

    async def play(self, seed, schedule):
        """The conversation in full, in `exchanges`, also when it fails."""
        folder = self.folder / f"seed-{seed}"
        place = await asyncio.to_thread(self.server.fresh, f"s{seed}")
        job = Job(self.program, folder, place, place.behind(self.proxy.port))
        self.proxy.begin(place.address, schedule, job.kill)
        for night in ("first", "second"):
            job.exports(self.folder / night)
            await self.run_until_done(job, night)
        self.proxy.schedule = None
        done = len(self.proxy.exchanges)
        run = await job.run("sync", "--format", "json")
        check(run.exit == 0 and run.document["verdict"] == "in-sync", f"a further run is not silent: {run}")
        writes = [exchange for exchange in self.proxy.exchanges[done:] if exchange.method != "GET"]
        check(not writes, f"a further run wrote: {writes}")
        differences = nights.differences(self.expected, await asyncio.to_thread(nights.found, place))
        check(not differences, "the roster differs:\n  " + "\n  ".join(differences))
        applied_once(self.proxy.exchanges)
        waited(self.proxy.exchanges)
        history = await job.run("history", "--verify")
        check(history.exit == 0, f"history --verify: {history}")
        shutil.rmtree(folder)

    async def run_until_done(self, job, night):
        for _ in range(TRIES):
            self.runs += 1
            run = await job.run("sync", "--format", "json")
            if run.exit == 0:
                return
            check(run.exit in AGAIN, f"the {night} night: {run}")
        raise Failed(f"the {night} night is not through after {TRIES} runs: {run}")


def applied_once(exchanges):
    """No change that the service had made was asked of it again."""
    made = collections.Counter()
    for exchange in exchanges:
        for method, path, body in operations(exchange):
            if method == "POST":
                made[f"POST {path} {body.get('externalId') or body}"] += 1
            else:
                made[f"{method} {path} {json.dumps(body, sort_keys=True)}"] += 1
    twice = {what: times for what, times in made.items() if times > 1}
    check(not twice, f"applied more than once: {twice}")


def operations(exchange):
    """What the service says it did of one request."""
    if exchange.method == "GET" or not exchange.status or not 200 <= exchange.status < 300:
        return []
    body = json.loads(exchange.body) if exchange.body else {}
    if not exchange.path.endswith("/Bulk"):
        return [(exchange.method, exchange.path.rsplit("/v2/", 1)[-1], body)]
    results = json.loads(exchange.answer)["Operations"]
    return [(asked["method"], asked["path"], asked.get("data")) for asked, result in zip(body["Operations"], results)
            if str(result["status"]).startswith("2")]


def waited(exchanges):
    """Nothing was asked again before its Retry-After was over."""
    until = {}
    for exchange in sorted(exchanges, key=lambda exchange: exchange.arrived):
        asked = (exchange.method, exchange.path, exchange.body)
        early = until.get(asked, 0) - exchange.arrived
        check(early < 0.001, f"{exchange.method} {exchange.path} came again {early:.2f} s before its Retry-After was over")
        if exchange.wait_until:
            until[asked] = exchange.wait_until


async def play_all(arguments, folder):
    first = nights.first(PEOPLE)
    second = nights.second(first)
    program = arguments.program.resolve()
    started, lanes = [], []
    try:
        for number in range(arguments.lanes):
            place = folder / f"lane-{number}"
            if number == 0 or not servers.SERVERS[arguments.server].has_teams:
                started.append(servers.start(arguments.server, place, program))
            lanes.append(Lane(program, started[-1], place, nights.expected(started[-1], first, second)))
            for name, night in (("first", first), ("second", second)):
                (place / name).mkdir(parents=True)
                night.write(place / name)
            await lanes[-1].proxy.start()
        await lanes[0].play("without", None)
        return await share(lanes, arguments)
    finally:
        for server in started:
            server.stop()


async def share(lanes, arguments):
    """All seeds, each played by the lane that is free. Gives how many failed."""
    seeds, failed, faults = iter(arguments.seeds), [], collections.Counter()

    async def work(lane):
        for seed in seeds:
            if len(failed) == arguments.failures:
                return
            try:
                await lane.play(seed, Schedule(seed))
            except AssertionError as failure:
                failed.append(seed)
                tell(arguments, seed, failure, lane.proxy.exchanges)
            else:
                if arguments.trace:
                    print(*lane.proxy.exchanges, sep="\n")
            faults.update(exchange.fault.when for exchange in lane.proxy.exchanges if exchange.fault)

    began = time.monotonic()
    await asyncio.gather(*map(work, lanes))
    print(f"{arguments.server}: {len(arguments.seeds)} schedules, {sum(faults.values())} faults {dict(faults)}, "
          f"{sum(lane.runs for lane in lanes)} runs, {time.monotonic() - began:.0f} s, {len(failed)} failed")
    return len(failed)


def tell(arguments, seed, failure, exchanges):
    lines = [str(exchange) for exchange in exchanges if exchange.fault or arguments.trace or exchange.method != "GET"]
    print(f"{arguments.server}, seed {seed}: {failure}\n  " + "\n  ".join(lines) + "\nReplay: "
          f"{sys.executable} {sys.argv[0]} {arguments.program} {arguments.server} --seeds {seed} --trace", file=sys.stderr)


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
    with tempfile.TemporaryDirectory(prefix="schedules-") as folder:
        return asyncio.run(play_all(arguments, pathlib.Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
