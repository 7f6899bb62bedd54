"""Python's own csv module and a dictionary, as a careful script would do it.   python_diff.py entra NIGHT1 NIGHT2"""
import csv
import json
import operator
import sys

from columns import ENTRA


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        pick = operator.itemgetter(*[header.index(name) for name in ENTRA])
        anchor = header.index("id")
        for row in reader:
            yield row[anchor], pick(row)


roster = dict(rows(sys.argv[2]))
new = changed = kept = 0
for anchor, values in rows(sys.argv[3]):
    before = roster.get(anchor)
    if before is None:
        new += 1
    else:
        kept += 1
        changed += before != values
print(json.dumps({"new": new, "gone": len(roster) - kept, "changed": changed}))
