"""scim2-server with people in it from the start, behind its own HTTP server: scim2_service.py PORT TOKEN [EXPORT]

They are put into its memory, since sending them would take longer than all that is measured. It announces no Bulk, so each
change is a request; our own service stands for those that do.
"""
import csv
import datetime
import sys
from wsgiref.simple_server import make_server

from scim2_models import Meta, ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.testserver.cli import ThreadingWSGIServer
from scim2_server.utils import (
    load_default_resource_types, load_default_schemas, load_default_service_provider_config,
)

port, token, *export = sys.argv[1:]
config = load_default_service_provider_config()
config.bulk.supported = False
provider = ScimProvider.from_discovery(
    load_default_schemas().values(), load_default_resource_types().values(), config=config)
storage = InMemoryStorage()
if export:
    service = ScimService(provider)
    type = next(type for type in provider.resource_types if type.name == "User")
    Person, now = service.get_model(type), datetime.datetime.now(datetime.UTC)
    with open(export[0], encoding="utf-8", newline="") as file:
        storage.resources = [Person(
            id=f"u{number:07}", external_id=row["id"], user_name=row["userName"], active=True, title=row["title"],
            display_name=row["displayName"], meta=Meta(
                resource_type="User", created=now, last_modified=now, version=storage.next_version()),
            name=Person.Name(given_name=row["givenName"], family_name=row["familyName"]),
            emails=[Person.Emails(value=row["userName"], type="work", primary=True)])
            for number, row in enumerate(csv.DictReader(file))]


class Server(ThreadingWSGIServer):
    # Its own is 5: with more connections at once than that the kernel lets some wait for a second.
    request_queue_size = 128


with make_server("127.0.0.1", int(port), BearerTokenApplication(storage, provider, bearer_tokens=[token]), Server) as server:
    server.serve_forever()
