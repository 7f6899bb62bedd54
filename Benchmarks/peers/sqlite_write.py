"""Python's sqlite3 and `executemany`, one plain table, one transaction, synced to disk.

    sqlite_write.py import NIGHT1.csv TABLE.sqlite      the rows of an Entra export
    sqlite_write.py update TABLE.sqlite N               N updates in id order

Reading the export is not what is compared, so the rows are in memory before the clock starts: the seconds printed are
those of `executemany` and the commit.
"""
import csv
import json
import operator
import sqlite3
import sys
import time

from columns import ENTRA


def connect(path):
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    return database


def measured(work):
    wall, cpu = time.perf_counter(), time.process_time()
    count = work()
    print(json.dumps({"rows": count, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))


if sys.argv[1] == "import":
    with open(sys.argv[2], encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        pick = operator.itemgetter(header.index("id"), *[header.index(name) for name in ENTRA])
        rows = [pick(row) for row in reader]
    database = connect(sys.argv[3])
    names = ", ".join(f'"{name}" TEXT' for name in ENTRA)
    database.execute(f"CREATE TABLE people (number INTEGER PRIMARY KEY, id TEXT, {names})")

    def work():
        database.execute("BEGIN")
        marks = ", ".join("?" * (len(ENTRA) + 1))
        database.executemany(f'INSERT INTO people (id, {", ".join(ENTRA)}) VALUES ({marks})', rows)
        database.execute("COMMIT")
        return len(rows)

else:
    database = connect(sys.argv[2])
    total, wanted = database.execute("SELECT max(number) FROM people").fetchone()[0], int(sys.argv[3])
    # Scattered over the whole file, as changes are, in the order of their ids; whole rows, as a script would write them.
    numbers = [index * total // wanted + 1 for index in range(wanted)]
    names, title = ", ".join(ENTRA), ENTRA.index("jobTitle")
    updates = []
    for number in numbers:
        row = list(database.execute(f"SELECT {names} FROM people WHERE number = ?", [number]).fetchone())
        row[title] = f"Title {number}"
        updates.append([*row, number])

    def work():
        database.execute("BEGIN")
        marks = ", ".join(f"{name} = ?" for name in ENTRA)
        updated = database.executemany(f"UPDATE people SET {marks} WHERE number = ?", updates)
        database.execute("COMMIT")
        return updated.rowcount


measured(work)
