"""Runs a command and says what it cost. Standard library only, Linux."""
import multiprocessing
import os
import statistics
import subprocess
import time
from dataclasses import dataclass, field


class Failed(Exception):
    """The benchmark stops: a command failed or found something else than it had to."""


@dataclass
class Cost:
    wall: float  # seconds
    cpu: float  # seconds, user and system
    memory: float = 0.0  # peak resident, megabytes (10^6 bytes)
    output: bytes = b""
    code: int = 0


@dataclass
class Contender:
    """One of those that are compared. `prepare` is not measured; `check` sees each run's cost and output."""

    name: str
    command: list
    check: object = None
    prepare: object = None
    own_clock: object = None  # takes the output, gives (wall, cpu) where the command measures its inner part itself
    codes: tuple = (0,)
    runs: list = field(default_factory=list)

    def once(self):
        if self.prepare:
            self.prepare()
        cost = run(self.command, self.codes)
        if self.own_clock:
            cost.wall, cost.cpu = self.own_clock(cost.output)
        if self.check:
            self.check(cost)
        self.runs.append(cost)

    def median(self, what):
        return statistics.median(getattr(cost, what) for cost in self.runs)

    @property
    def peak(self):
        return max(cost.memory for cost in self.runs)


@dataclass
class Row:
    """A measurement beside what it is compared with. `ratio` is good when small, or with `at_least` when large."""

    work: str
    ours: str
    peer: str
    ratio: float
    asked: float
    beyond: float
    unit: str = "×"
    notes: list = field(default_factory=list)
    at_least: bool = False

    @property
    def verdict(self):
        sign = -1 if self.at_least else 1
        ratio, asked, beyond = (sign * number for number in (self.ratio, self.asked, self.beyond))
        return "beyond" if ratio <= beyond else "reached" if ratio <= asked else "SHORT"


def run(command, codes=(0,)):
    """Runs to the end. stdout is kept, stderr shown only when the exit code is none of `codes`.

    Linux counts to a process's peak memory that of the one that forked it. So each is started by a process that is new
    and small, and not by this one, which may have read a plan of a hundred megabytes.
    """
    global starters
    starters = starters or multiprocessing.get_context("forkserver").Pool(1, maxtasksperchild=1)
    return starters.apply(run_here, ([str(part) for part in command], codes))


starters = None


def run_here(command, codes):
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        # Both pipes are drained before waiting; neither is large enough here to block the other.
        output = process.stdout.read()
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        raise Failed(f"{' '.join(command)}\nexit {process.returncode}\n{errors.decode(errors='replace')[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6, output, process.returncode)


def alternate(contenders, runs):
    """Each in turn, `runs` times round: whatever the machine does meanwhile, it does to all of them."""
    for _ in range(runs):
        for contender in contenders:
            contender.once()


def warm(*paths):
    """Reads files once so that nobody's first run pays for the disk."""
    for path in paths:
        with open(path, "rb", buffering=0) as file:
            while file.read(1 << 20):
                pass
