"""DuckDB: an export against a roster table, fourteen columns compared. `build` makes the roster, `diff` is measured.

    duckdb_diff.py build entra|okta NIGHT1 ROSTER.duckdb
    duckdb_diff.py diff  entra|okta NIGHT2 ROSTER.duckdb     prints {"new": n, "gone": n, "changed": n}
"""
import json
import sys

import duckdb

from columns import ENTRA, OKTA

verb, shape, export, roster = sys.argv[1:5]
columns = ENTRA if shape == "entra" else OKTA

if shape == "entra":
    names = ", ".join(f'"{name}"' for name in columns)
    source = f"SELECT id, {names} FROM read_csv('{export}', header=true, all_varchar=true, quote='\"', escape='\"')"
else:
    # The members that the program maps; naming their types spares DuckDB the guessing.
    profile = ", ".join(f"{name}: 'VARCHAR'" for name in columns if name != "status")
    types = ", ".join(f"{name} VARCHAR" for name in columns if name != "status")
    fields = ", ".join("status" if name == "status" else f'profile."{name}" AS "{name}"' for name in columns)
    source = (
        f"SELECT id, {fields} FROM read_json('{export}', format='array', maximum_object_size=1048576, "
        f"columns={{id: 'VARCHAR', status: 'VARCHAR', profile: 'STRUCT({types})'}})"
    )

if verb == "build":
    with duckdb.connect(roster) as database:
        database.execute(f"CREATE TABLE roster AS {source}")
    sys.exit()

differs = " OR ".join(f'e."{name}" IS DISTINCT FROM r."{name}"' for name in columns)
with duckdb.connect(roster, read_only=True) as database:
    new, gone, changed = database.execute(
        f"""
        SELECT count(*) FILTER (r.id IS NULL), count(*) FILTER (e.id IS NULL),
               count(*) FILTER (r.id IS NOT NULL AND e.id IS NOT NULL AND ({differs}))
        FROM ({source}) e FULL JOIN roster r ON e.id = r.id
        """
    ).fetchone()
print(json.dumps({"new": new, "gone": gone, "changed": changed}))
