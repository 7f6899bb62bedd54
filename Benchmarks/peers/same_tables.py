"""The floor of an import: its own rows, by `executemany`, into tables and indexes like its own.

    same_tables.py ROSTER.sqlite COPY.sqlite

Takes resource, link and journal rows out of a roster that popl-sync made, makes the same schema in a new file, and
writes them in transactions of the same size. No SCIM, no plan, no digests: what is left is SQLite. The seconds printed
are those of the writing.
"""
import json
import sqlite3
import sys
import time

TABLES = ("resource", "link", "journal")
BATCH = 5000  # Runner.batchSize

source = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)


def columns(table):
    return [row[1] for row in source.execute(f"PRAGMA table_xinfo({table})") if row[6] == 0]  # none that is generated


rows = {table: source.execute(f"SELECT {', '.join(columns(table))} FROM {table} ORDER BY 1").fetchall() for table in TABLES}
# A table before its indexes; the journal's triggers are about changing and removing, and never run here.
schema = source.execute(
    "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    " ORDER BY type DESC, rowid"
).fetchall()
team = source.execute("SELECT * FROM team").fetchall()

copy = sqlite3.connect(sys.argv[2], isolation_level=None)
for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "wal_autocheckpoint = 16384",
                "cache_size = -131072"):
    copy.execute(f"PRAGMA {setting}")
for (statement,) in schema:
    copy.execute(statement)
copy.executemany("INSERT INTO team VALUES (" + ", ".join("?" * len(team[0])) + ")", team)

inserts = {table: f"INSERT INTO {table} ({', '.join(columns(table))}) VALUES ({', '.join('?' * len(columns(table)))})"
           for table in TABLES}
wall, cpu = time.perf_counter(), time.process_time()
count = len(rows["resource"])
for start in range(0, count, BATCH):
    copy.execute("BEGIN")
    for table in TABLES:
        copy.executemany(inserts[table], rows[table][start:start + BATCH])
    copy.execute("COMMIT")
print(json.dumps({"rows": count, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))
