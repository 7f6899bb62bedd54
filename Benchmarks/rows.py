"""The measurements, one function a row of the targets. Each gives `Row`s."""
import json
import shutil

from measure import Contender, Failed, Row, alternate, run, warm
from prepare import PEERS, command, duckdb_roster, import_command, roster


class Bench:
    def __init__(self, popl_sync, python, runs):
        self.popl_sync, self.python, self.runs = popl_sync, python, runs
        self.temporary = []

    def scratch(self, data, name):
        """A path beside the data (same disk as the rosters), removed with everything SQLite puts beside it."""
        path = data.scratch(name)
        self.temporary.append(path)
        self.clear(path)
        return path

    @staticmethod
    def clear(path):
        for old in path.parent.glob(f"{path.name}*"):
            old.unlink()

    def clean_up(self):
        for path in self.temporary:
            self.clear(path)

    # Dry runs.

    def plan(self, data, shape, night=2, name="popl-sync"):
        """`plan` with everything: process start, reading, correlation, guards, the JSON plan on disk."""
        out = self.scratch(data, f"{shape}-{night}.plan")
        database = roster(self.popl_sync, data, shape)
        wanted = data.new_gone_changed() if night == 2 else {"new": 0, "gone": 0, "changed": 0}

        def check(cost):
            summary = json.loads(out.read_bytes())["summary"]
            found = {"new": summary["create"], "gone": summary["deactivate"], "changed": summary["update"]}
            others = {key: summary[key] for key in ("reactivate", "pinned", "rejected", "unmanaged", "suspected")}
            if found != wanted or any(others.values()):
                raise Failed(f"popl-sync planned {found} {others}, but {wanted} is in {data.export(shape, night)}")

        # 5,000 leavers are more than any default guard lets pass: the plan is made, written and held (3).
        arguments = command(
            self.popl_sync, "plan", shape, database, data.export(shape, night), "--out", out, "--format", "text")
        return Contender(name, arguments, check, codes=(0, 3) if night == 2 else (0,))

    def dry_run(self, data, shape, others=()):
        expected = data.new_gone_changed()

        def counts(cost):
            found = json.loads(cost.output)
            if found != expected:
                raise Failed(f"a peer found {found}, but {expected} is in the data")

        ours = self.plan(data, shape)
        database = duckdb_roster(self.python, data, shape)
        duckdb = Contender(
            "DuckDB", [self.python, PEERS / "duckdb_diff.py", "diff", shape, data.export(shape, 2), database], counts)
        warm(data.export(shape, 1), data.export(shape, 2), roster(self.popl_sync, data, shape), database)
        alternate([ours, duckdb], self.runs)
        notes = []
        for name, script in others:
            both = [data.export(shape, 1), data.export(shape, 2)]
            other = Contender(name, [self.python, PEERS / script, shape, *both], counts)
            other.once()
            notes.append(f"{name}, both nights read: {cost_text(other)}, ours {ratio(ours, other):.2f} × of it")
        asked, beyond = (1.0, 0.5) if shape == "entra" else (0.35, 0.2)
        title = "dry run, Entra CSV" if shape == "entra" else "dry run, Okta JSON"
        rows = [Row(title, cost_text(ours), f"DuckDB {cost_text(duckdb)}", ratio(ours, duckdb), asked, beyond, "×", notes)]
        memory = Row(
            f"peak memory of it", f"{ours.peak:.0f} MB", f"DuckDB {duckdb.peak:.0f} MB", ours.peak, 300, 150, "MB")
        return rows + [memory], ours

    def nothing_changed(self, data, shape):
        ours = self.plan(data, shape, night=1)
        digest = Contender("sha256sum", ["sha256sum", data.export(shape, 1)])
        warm(data.export(shape, 1), roster(self.popl_sync, data, shape))
        alternate([ours, digest], self.runs)
        kind = "CSV" if shape == "entra" else "JSON"
        return Row(
            f"nothing changed, {kind}", cost_text(ours), f"sha256sum {cost_text(digest)}", ratio(ours, digest), 2, 1)

    def growth(self, several, shape="entra"):
        """`several`: Data by number of people. Per row, against the figure at 100,000."""
        measured = {}
        for people, data in several.items():
            ours = self.plan(data, shape)
            warm(data.export(shape, 2), roster(self.popl_sync, data, shape))
            # Small ones are quick and jump about: more of them.
            alternate([ours], self.runs if people >= 1_000_000 else self.runs * 3)
            measured[people] = ours
        base = measured[100_000].median("wall") / 100_000
        rows = []
        for people, ours in measured.items():
            if people == 100_000:
                continue
            each = ours.median("wall") / people
            cpu = (ours.median("cpu") / people) / (measured[100_000].median("cpu") / 100_000)
            rows.append(
                Row(
                    f"per row at {people:,}", f"{each * 1e6:.2f} µs", f"at 100,000 {base * 1e6:.2f} µs", each / base, 1.3, 1.1,
                    "×", [f"in CPU seconds {cpu:.2f} ×; peak memory {ours.peak:.0f} MB"]))
        return rows

    # Writing.

    def bulk_import(self, data):
        database, table = self.scratch(data, "import.sqlite"), self.scratch(data, "table.sqlite")

        def fresh(path):
            return lambda: self.clear(path)

        ours = Contender("popl-sync", import_command(self.popl_sync, data, "entra", database), prepare=fresh(database))
        peer = Contender(
            "executemany", [self.python, PEERS / "sqlite_write.py", "import", data.export("entra", 1), table],
            rows_written(data.people), fresh(table), own_clock)
        warm(data.export("entra", 1))
        alternate([ours, peer], self.runs)
        # What was imported is what was exported: planning the same file again finds nothing.
        check = command(self.popl_sync, "plan", "entra", database, data.export("entra", 1), "--format", "json")
        verdict = json.loads(run(check).output)["verdict"]
        if verdict != "in-sync":
            raise Failed(f"after the import, planning the same file again is {verdict}")
        floor = self.floor(data, database)
        return Row(
            f"bulk import of {data.people:,}", cost_text(ours), f"executemany {cost_text(peer)}", ratio(ours, peer), 3, 1.5,
            "×", [
                f"peak memory {ours.peak:.0f} MB",
                f"the same rows into the same tables, plain SQL: {cost_text(floor)}, {ratio(floor, peer):.2f} × of the"
                f" peer, ours {ratio(ours, floor):.2f} × of it",
            ])

    def floor(self, data, database):
        """What SQLite alone takes for the tables of an import."""
        copy = self.scratch(data, "floor.sqlite")
        floor = Contender(
            "plain SQL", [self.python, PEERS / "same_tables.py", database, copy], rows_written(data.people),
            lambda: self.clear(copy), own_clock)
        alternate([floor], self.runs)
        return floor

    def write_growth(self, several):
        """`several`: Data by number of people. An import's cost a row and a saved plan's cost a change, by size."""
        notes = []
        for people, data in several.items():
            database = self.scratch(data, "growth.sqlite")
            clear = lambda path=database: self.clear(path)
            brought = Contender("import", import_command(self.popl_sync, data, "entra", database), prepare=clear)
            warm(data.export("entra", 1))
            alternate([brought], self.runs)
            applied, _, count = self.applying(data)
            alternate([applied], self.runs)
            notes.append((people, brought.median("wall") / people, applied.median("wall") / count, count))
        base = next(note for note in notes if note[0] == 100_000)
        return [
            Row(
                f"import per row at {people:,}", f"{row * 1e6:.1f} µs", f"at 100,000 {base[1] * 1e6:.1f} µs", row / base[1],
                1.3, 1.1, "×", [f"apply of {count:,} changes: {change * 1e6:.0f} µs each, {change / base[2]:.2f} ×"])
            for people, row, change, count in notes if people != 100_000
        ]

    def applying(self, data):
        """`apply` of the second night's saved plan to a fresh copy of the first night's roster; where that is, and how many changes."""
        original = roster(self.popl_sync, data, "entra")
        plan, database = self.scratch(data, "apply.plan"), self.scratch(data, "apply.sqlite")
        run(command(self.popl_sync, "plan", "entra", original, data.export("entra", 2), "--out", plan), (0, 3))
        accept = []
        for finding in json.loads(plan.read_bytes())["guards"]:
            if finding["held"]:
                accept += finding["accept"].split()
        ours = Contender(
            "popl-sync", [self.popl_sync, "apply", plan, "--database", database, *accept],
            prepare=self.fresh(original, database))
        return ours, database, sum(data.new_gone_changed().values())

    def fresh(self, source, path):
        def copy_it():
            self.clear(path)
            shutil.copyfile(source, path)
            run(["sync", path])  # so that nobody's commit waits for the copy to reach the disk

        return copy_it

    def apply(self, data):
        ours, database, count = self.applying(data)
        table = data.place / "table.sqlite"
        if not table.exists():
            run([self.python, PEERS / "sqlite_write.py", "import", data.export("entra", 1), table])
        copy = self.scratch(data, "update.sqlite")
        peer = Contender(
            "executemany", [self.python, PEERS / "sqlite_write.py", "update", copy, count], rows_written(count),
            self.fresh(table, copy), own_clock)
        alternate([ours, peer], self.runs)
        again = command(self.popl_sync, "plan", "entra", database, data.export("entra", 2), "--format", "json")
        verdict = json.loads(run(again, (0, 3)).output)["verdict"]
        if verdict != "in-sync":
            raise Failed(f"after apply, planning the same file again is {verdict}")
        return Row(
            f"apply {count:,} changes", cost_text(ours), f"executemany {cost_text(peer)}", ratio(ours, peer), 3, 1.5, "×",
            [f"peak memory {ours.peak:.0f} MB"])

    # Metadata.

    def metadata(self, data):
        wanted = data.expected["aggregate"]["wanted"]

        def check(cost):
            found = json.loads(cost.output)[0]
            if found["entityID"] != wanted or len(found["signingCertificates"]) != 1:
                raise Failed(f"popl-sync picked {found['entityID']}, not {wanted}")

        ours = Contender(
            "popl-sync",
            [self.popl_sync, "inspect", "--format", "json", "--entity-id", wanted, data.aggregate], check)
        peer = Contender("xmllint", ["xmllint", "--stream", "--noout", data.aggregate])
        warm(data.aggregate)
        alternate([ours, peer], self.runs)
        return Row(
            "metadata aggregate, one entity", cost_text(ours), f"xmllint {cost_text(peer)}", ratio(ours, peer), 1.3, 1.0,
            "×", [f"peak memory {ours.peak:.0f} MB"])


def ratio(ours, peer):
    return ours.median("wall") / peer.median("wall")


def cost_text(contender):
    return f"{contender.median('wall'):.2f} s ({contender.median('cpu'):.2f} CPU)"


def own_clock(output):
    figures = json.loads(output)
    return figures["wall"], figures["cpu"]


def rows_written(count):
    def check(cost):
        found = json.loads(cost.output)["rows"]
        if found != count:
            raise Failed(f"executemany wrote {found:,} rows instead of {count:,}")

    return check
