"""Polars: two exports as files, fourteen columns compared.   polars_diff.py entra|okta NIGHT1 NIGHT2"""
import json
import sys

import polars

from columns import ENTRA, OKTA

shape, before, after = sys.argv[1:4]
columns = ENTRA if shape == "entra" else OKTA


def read(path):
    if shape == "entra":
        return polars.scan_csv(path, infer_schema=False).select(["id", *columns])
    frame = polars.read_json(path).lazy()
    return frame.select("id", "status", polars.col("profile").struct.unnest()).select(["id", *columns])


old, new = read(before), read(after)
both = old.join(new, on="id", how="full", suffix="_new")
differs = polars.any_horizontal([polars.col(name).ne_missing(polars.col(f"{name}_new")) for name in columns])
missing_new, missing_old = polars.col("id_new").is_null(), polars.col("id").is_null()
result = both.select(
    new=missing_old.sum(), gone=missing_new.sum(), changed=(differs & ~missing_new & ~missing_old).sum()
).collect(engine="streaming")
print(json.dumps(result.to_dicts()[0]))
