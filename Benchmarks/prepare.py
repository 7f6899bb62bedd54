"""Everything that the measurements need and that is not measured: the release build, the data, the peers, the rosters.

All of it lies in `.build/bench`, is made once, and is made again only when what it was made from changed.
"""
import hashlib
import json
import os
import pathlib
import subprocess
import sys

from measure import Failed, run

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = ROOT / ".build" / "bench"
PEERS = ROOT / "Benchmarks" / "peers"
PACKAGES = ["duckdb==2.0.0", "polars==2.1.0", "scim2-server==0.8.3", "scim2-client[httpx2]==0.13.2"]


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def fingerprint(*paths):
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def program():
    say("building popl-sync, release")
    subprocess.run(["swift", "build", "-c", "release", "--product", "popl-sync"], cwd=ROOT, check=True, stdout=sys.stderr)
    return ROOT / ".build" / "release" / "popl-sync"


def bare_route():
    """Built as one of the program's own targets, so that it is the very same HTTP server."""
    build = ["swift", "build", "-c", "release", "--product", "bare-route"]
    subprocess.run(build, cwd=ROOT, check=True, stdout=sys.stderr, env={**os.environ, "POPL_BENCH": "1"})
    return ROOT / ".build" / "release" / "bare-route"


def generator():
    package, scratch = ROOT / "Benchmarks", ROOT / ".build" / "benchmarks"
    build = ["swift", "build", "-c", "release", "--product", "generate", "--package-path", package]
    subprocess.run([*build, "--scratch-path", scratch], cwd=ROOT, check=True, stdout=sys.stderr)
    return scratch / "release" / "generate"


def peers():
    """A Python that has DuckDB, Polars, scim2-server and scim2-client."""
    place = CACHE / "venv"
    python = place / "bin" / "python"
    stamp = place / "packages"
    if not stamp.exists() or stamp.read_text() != " ".join(PACKAGES):
        say("installing the peers from PyPI")
        subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        stamp.write_text(" ".join(PACKAGES))
    return python


class Data:
    """Two nights of exports for so many people, and what must be found in them."""

    def __init__(self, generate, people, seed):
        self.place = CACHE / f"{people}-{seed}"
        stamp = self.place / "made-by"
        made_by = fingerprint(*(ROOT / "Benchmarks" / "Sources" / "generate").glob("*.swift"))
        if not stamp.exists() or stamp.read_text() != made_by:
            say(f"generating {people:,} people")
            CACHE.mkdir(parents=True, exist_ok=True)
            run([generate, "--people", people, "--seed", seed, "--out", self.place])
            for old in [*self.place.glob("*.duckdb"), *self.place.glob("*.sqlite*")]:
                old.unlink()
            stamp.write_text(made_by)
        self.expected = json.loads((self.place / "expected.json").read_text())
        self.people = people
        # The files count as written just now: how long they lay in the cache says nothing about them.
        for night in (1, 2):
            for shape in ("entra", "okta"):
                os.utime(self.export(shape, night))

    def export(self, shape, night):
        return self.place / f"{shape}-{night}.{'csv' if shape == 'entra' else 'json'}"

    def scratch(self, name):
        """A path on the same disk as the rosters."""
        return self.place / f"scratch-{name}"

    @property
    def aggregate(self):
        return self.place / "aggregate.xml"

    def new_gone_changed(self):
        return {key: self.expected[key] for key in ("new", "gone", "changed")}


def configuration(shape):
    """Fourteen columns each, the same ones that the peers compare (peers/columns.py)."""
    return ROOT / "Benchmarks" / "configurations" / f"{shape}.yaml"


def roster(popl_sync, data, shape):
    """The roster after the first night, as the program itself makes it: a file that nobody writes to afterwards."""
    made_by = fingerprint(popl_sync, configuration(shape))
    path = data.place / f"roster-{shape}-{made_by}.sqlite"
    if not path.exists():
        for old in data.place.glob(f"roster-{shape}-*"):
            old.unlink()
        say(f"importing {data.people:,} people into a roster ({shape})")
        making = path.with_suffix(".making")
        for old in data.place.glob(f"{making.name}*"):
            old.unlink()
        run(import_command(popl_sync, data, shape, making))
        for rest in ("-wal", "-shm"):
            if pathlib.Path(f"{making}{rest}").exists() and pathlib.Path(f"{making}{rest}").stat().st_size > 0:
                raise Failed(f"{making}{rest} is left over: the import did not close its database")
        making.rename(path)
    return path


def duckdb_roster(python, data, shape):
    path = data.place / f"{shape}.duckdb"
    if not path.exists():
        run([python, PEERS / "duckdb_diff.py", "build", shape, data.export(shape, 1), path])
    return path


def command(popl_sync, verb, shape, database, *arguments, team="bench"):
    # --config: never whatever popl-sync.yaml lies about.
    return [
        popl_sync, verb, *arguments, "--config", configuration(shape), "--database", database, "--team", team,
        "--source", shape,
    ]


def import_command(popl_sync, data, shape, database):
    return command(popl_sync, "import", shape, database, data.export(shape, 1), "--create-team")
