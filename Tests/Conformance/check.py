"""Lets other people's conformance tools loose on a running service, and prints what they found as one JSON object.

    check.py URL TOKEN

Counts of scim2-tester's statuses (every answer is decoded by scim2-models on the way) and of scim-sanity's results, and
everything that is not a success.
"""

import json
import subprocess
import sys
from collections import Counter

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server

url, token = sys.argv[1:]
http = Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
client = SyncSCIMClient(http)
results = check_server(client, raise_exceptions=False)
report = {
    "tester": Counter(result.status.name for result in results),
    "objections": [f"{r.title}: {r.reason}" for r in results if r.status.name != "SUCCESS"],
}

sanity = subprocess.run(
    [sys.executable, "-m", "scim_sanity", "probe", url, "--token", token, "--i-accept-side-effects",
     "--json-output"],
    capture_output=True, text=True, timeout=120, check=False,
)
report["sanityExit"] = sanity.returncode
report["sanity"] = json.loads(sanity.stdout)
print(json.dumps(report))
