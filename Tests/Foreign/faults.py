"""What befalls requests, by a seed. Standard library only.

Faults come to an end, so whoever tries again arrives.
"""

import random
from dataclasses import dataclass

# By what the service knows of the request. A client cannot tell most of the first from most of the second.
KINDS = {
    "unseen": [
        "reset", "hang up", "429 seconds", "429 date", "503 seconds", "503 date", "503", "500", "502 page", "200 page"],
    "acted": ["reset", "hang up", "500", "504 page", "cut short", "half the JSON", "garbage", "200 page", "nothing"],
    "answered": ["delay", "drip", "hang up"],
    "killed": ["before", "after"],
}


@dataclass
class Fault:
    when: str
    what: str
    seconds: int = 0  # of Retry-After

    def __str__(self):
        return f"{self.when}: {self.what}" + (f" {self.seconds}" if "seconds" in self.what or "date" in self.what else "")


class Schedule:
    """Which fault befalls the next request. Two clients that ask the same things in the same order meet the same ones.

    Most faults would be met by the reading that a run begins with. So some schedules begin later, and some leave reads
    alone.
    """

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.left = self.random.randint(1, 8)
        self.density = self.random.choice([0.3, 0.6, 1.0])
        self.only_writes = self.random.random() < 0.6
        self.skip = self.random.choice([0, 0, 1, 2, 3] if self.only_writes else [0, 2, 4, 6, 8])

    def next(self, method):
        if self.left == 0 or (self.only_writes and method == "GET"):
            return None
        self.skip -= 1
        if self.skip >= 0 or self.random.random() >= self.density:
            return None
        self.left -= 1
        [when] = self.random.choices(list(KINDS), [4, 5, 2, 1])
        return Fault(when, self.random.choice(KINDS[when]), self.random.choice([0, 0, 1]))
