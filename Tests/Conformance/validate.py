"""Holds documents against the JSON Schemas of docs/schemas, and prints as JSON what does not fit.

    validate.py SCHEMAS DOCUMENTS

Each line of the file DOCUMENTS is one document, after the name of its schema and a blank.
"""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

schemas = {path.stem: json.loads(path.read_text()) for path in pathlib.Path(sys.argv[1]).glob("*.json")}
registry = Registry().with_resources((f"{name}.json", Resource.from_contents(schema)) for name, schema in schemas.items())
validators = {}
for name, schema in schemas.items():
    Draft202012Validator.check_schema(schema)
    validators[name] = Draft202012Validator(
        schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)

counts = dict.fromkeys(schemas, 0)
objections = []
for line in pathlib.Path(sys.argv[2]).read_text().splitlines():
    name, text = line.split(" ", 1)
    counts[name] += 1
    for error in validators[name].iter_errors(json.loads(text)):
        objections.append(f"{name}: {error.json_path}: {error.message[:300]}")
print(json.dumps({"counts": counts, "objections": objections}))
