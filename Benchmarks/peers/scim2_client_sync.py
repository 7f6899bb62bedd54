"""The same job with scim2-client, one request after the other: scim2_client_sync.py URL EXPORT    (token: POPL_SCIM_TOKEN)

Reads everybody page by page, then creates whom it lacks and patches whose title differs. Prints what it did, and how many
seconds that took beside starting and reading.
"""
import csv
import json
import os
import sys
import time

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import EnterpriseUser, PatchOp, PatchOperation, SearchRequest, User

url, export = sys.argv[1:]
Person = User[EnterpriseUser]
http = Client(base_url=url, headers={"Authorization": f"Bearer {os.environ['POPL_SCIM_TOKEN']}"}, timeout=120)
client = SyncSCIMClient(http)
client.discover()

there = {}
while True:
    page = client.query(Person, query_parameters=SearchRequest[Person](start_index=len(there) + 1, count=1000))
    there |= {user.external_id: user for user in page.resources or []}
    if not page.resources or len(there) >= page.total_results:
        break

created = changed = 0
began = time.perf_counter()
with open(export, encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        user = there.get(row["id"])
        if user is None:
            client.create(Person(
                external_id=row["id"], user_name=row["userName"], active=True, display_name=row["displayName"],
                title=row["title"], name=Person.Name(given_name=row["givenName"], family_name=row["familyName"]),
                emails=[Person.Emails(value=row["userName"], type="work", primary=True)]))
            created += 1
        elif user.title != row["title"]:
            operation = PatchOperation[Person](op="replace", path="title", value=row["title"])
            client.modify(Person, user.id, PatchOp[Person](operations=[operation]))
            changed += 1
print(json.dumps({"created": created, "changed": changed, "seconds": time.perf_counter() - began}))
