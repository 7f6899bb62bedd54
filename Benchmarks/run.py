"""The program beside its peers, on the same data, in one go: `make bench`.

    python3 Benchmarks/run.py [--people N] [--runs N] [--large] [--only csv,json,nothing,growth,import,apply,write-growth,metadata,
                                    online,online-batch,remote]

Builds release once and prepares the data once (.build/bench). Every contender runs at least three times, in turn, with
a warm page cache; medians are compared. Whoever finds something else than the generator put in fails the run. Prints a
table: the ratio to the peer, what is asked of it, and the verdict (beyond, reached, SHORT).
"""
import argparse
import os
import pathlib
import platform
import sys

import prepare
from measure import Failed
from online import Online
from remote import Remote
from rows import Bench

PARTS = ["csv", "json", "nothing", "growth", "import", "apply", "write-growth", "metadata", "online", "online-batch", "remote"]


def main():
    arguments = parse()
    popl_sync = pathlib.Path(arguments.program) if arguments.program else prepare.program()
    generate = prepare.generator()
    python = prepare.peers()
    bench = Bench(popl_sync, python, arguments.runs)
    data = prepare.Data(generate, arguments.people, arguments.seed)
    rows = []

    def part(name, measure):
        if name in arguments.only:
            prepare.say(f"measuring: {name}")
            found = measure()
            for row in found if isinstance(found, list) else [found]:
                show(row)
                rows.append(row)

    def data_of(people):
        return prepare.Data(generate, people, arguments.seed)

    def sizes():
        wanted = [10_000, 100_000, arguments.people] + ([5_000_000] if arguments.large else [])
        return {people: data_of(people) for people in dict.fromkeys(wanted)}

    def served(measure):
        online = Online(bench, data)
        try:
            return measure(online)
        finally:
            online.stop()

    def elsewhere():
        remote = Remote(bench, arguments.people)
        try:
            return remote.rows()
        finally:
            remote.stop()

    slow_peers = [("Polars", "polars_diff.py"), ("Python csv", "python_diff.py")]
    print(f"{arguments.people:,} people, {arguments.runs} runs each, medians; {os.cpu_count()} cores, {platform.machine()}\n")
    print(HEADING)
    try:
        part("csv", lambda: bench.dry_run(data, "entra", slow_peers)[0])
        part("json", lambda: bench.dry_run(data, "okta")[0])
        part("nothing", lambda: [bench.nothing_changed(data, shape) for shape in ("entra", "okta")])
        part("growth", lambda: bench.growth(sizes()))
        part("import", lambda: bench.bulk_import(data))
        part("apply", lambda: bench.apply(data))
        part("write-growth", lambda: bench.write_growth(sizes()))
        part("metadata", lambda: bench.metadata(data))
        part("online", lambda: served(lambda online: online.operations(data_of(1_000), data)))
        part("online-batch", lambda: served(lambda online: online.during_batch(data)))
        part("remote", elsewhere)
    except Failed as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    finally:
        bench.clean_up()
    short = [row for row in rows if row.verdict == "SHORT"]
    print(f"\n{len(rows) - len(short)} of {len(rows)} targets reached")
    return 0


HEADING = f"{'work':32} {'popl-sync':24} {'measured against':36} {'ratio':>9} {'asked':>8} {'beyond':>8}  verdict"


def show(row):
    def figure(number):
        return f"{number:.0f} MB" if row.unit == "MB" else f"{number:.2f} ×"

    print(
        f"{row.work:32} {row.ours:24} {row.peer:36} {figure(row.ratio):>9} {figure(row.asked):>8} "
        f"{figure(row.beyond):>8}  {row.verdict}", flush=True)
    for note in row.notes:
        print(f"{'':32}   {note}", flush=True)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=1_000_000, help="a multiple of 200, at least 1000")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3, help="at least 3")
    parser.add_argument("--large", action="store_true", help="growth to 5,000,000 people too (20 GB of disk)")
    parser.add_argument("--only", default=",".join(PARTS), help=f"of: {', '.join(PARTS)}")
    parser.add_argument("--program", help="measure this popl-sync instead of building one")
    arguments = parser.parse_args()
    arguments.only = arguments.only.split(",")
    unknown = set(arguments.only) - set(PARTS)
    if unknown or arguments.people % 200 or arguments.people < 1000 or arguments.runs < 3:
        parser.error(f"unknown part: {', '.join(unknown)}" if unknown else "see --help for the limits")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
