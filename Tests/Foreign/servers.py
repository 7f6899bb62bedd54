"""Other people's SCIM services, and our own, as processes of this test. README.md says how each behaves."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace

from place import Place

HERE = pathlib.Path(__file__).parent
TOKEN = "of-foreign-services-only"


class Server:
    """A process that listens on a port of this machine; `fresh` gives an empty team on it."""

    name = "?"
    # Whether several teams can be on it at once, each with its own people.
    has_teams = True
    # Whether that costs so little that several tests take their teams from one process.
    is_shared = True

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / self.name
        self.folder.mkdir(parents=True)
        self.port = free_port()
        self.output = open(self.folder / "output", "wb")
        environment = {**os.environ, "FOREIGN_TOKEN": TOKEN, "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            [str(word) for word in self.command()], stdout=self.output, stderr=self.output, env=environment)
        self.wait()

    def wait(self):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return
            time.sleep(0.05)
        self.stop()
        sys.exit(f"{self.name} does not listen:\n{(self.folder / 'output').read_text(errors='replace')[-3000:]}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.output.close()

    # Attributes that it does not keep, of those that are sent to it.
    not_kept = frozenset()

    def shown(self, person):
        """What can be seen here of a `Person` of whom everything was sent."""
        return person

    def next(self, place, name):
        """An empty team in place of `place`, if there is one yet."""
        return self.fresh(name)


class SCIM2Server(Server):
    """scim2-server by its own command. Any team there is begins empty."""

    config = {}
    schemas = None

    def command(self):
        file = self.folder / "service-provider-config.json"
        file.write_text(json.dumps({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"], "patch": {"supported": True},
            "bulk": {"supported": True, "maxOperations": 50, "maxPayloadSize": 65536},
            "filter": {"supported": True, "maxResults": 100}, "changePassword": {"supported": False},
            "sort": {"supported": True}, "etag": {"supported": True}} | self.config))
        command = [sys.executable, "-m", "scim2_server.testserver.cli", "--port", self.port, "--bearer-token", TOKEN,
                   "--dynamic-tenants", "--service-provider-config", file]
        return command + (["--schema", self.schema()] if self.schemas else [])

    def schema(self):
        file = self.folder / "schemas.json"
        file.write_text(json.dumps(self.schemas()))
        return file

    def fresh(self, name):
        return Place(f"http://127.0.0.1:{self.port}/{name}/v2/", TOKEN)


class Index(SCIM2Server):
    name = "scim2-server"


class Cursor(SCIM2Server):
    """Pages by cursor alone (RFC 9865), and takes little at once."""

    name = "scim2-server-cursor"
    config = {
        "bulk": {"supported": True, "maxOperations": 7, "maxPayloadSize": 8192}, "sort": {"supported": False},
        "pagination": {
            "cursor": True, "index": False, "defaultPaginationMethod": "cursor", "defaultPageSize": 10,
            "maxPageSize": 50, "cursorTimeout": 3600}}


class Plain(SCIM2Server):
    """Neither PATCH nor Bulk nor filters nor ETags."""

    name = "scim2-server-plain"
    config = {
        "patch": {"supported": False}, "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": False, "maxResults": 100}, "sort": {"supported": False}, "etag": {"supported": False}}


class Narrow(SCIM2Server):
    """Has no `title`, no `phoneNumbers` and no enterprise attributes in its schema, and refuses whoever sends them."""

    name = "scim2-server-narrow"
    config = {"bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0}}
    not_kept = frozenset(["title", "phoneNumbers", "department"])

    @staticmethod
    def schemas():
        from scim2_server.utils import load_default_schemas

        schemas = [schema.model_dump() for schema in load_default_schemas().values()]
        for schema in schemas:
            absent = ("title", "phoneNumbers", "department")
            schema["attributes"] = [part for part in schema["attributes"] if part["name"] not in absent]
        return schemas

    def shown(self, person):
        return replace(person, title=None, phone=None, department=None)


class Django(Server):
    """django-scim2. One team at a time: `fresh` empties it."""

    name = "django-scim2"
    has_teams = is_shared = False
    not_kept = frozenset(["title", "phoneNumbers", "department"])

    def command(self):
        return [sys.executable, HERE / "django_service.py", self.port, self.folder]

    def fresh(self, _):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/empty", method="POST", headers={"Authorization": f"Bearer {TOKEN}"})
        urllib.request.urlopen(request, timeout=120).close()
        return Place(f"http://127.0.0.1:{self.port}/scim/v2/", TOKEN)

    def shown(self, person):
        made = f"{person.givenName} {person.familyName}"
        return replace(person, displayName=made, title=None, phone=None, department=None)


class Serve(Server):
    """Our own `serve`."""

    name = "serve"
    is_shared = False
    options = []

    def __init__(self, folder, program):
        self.program = program
        super().__init__(folder)

    @property
    def database(self):
        return self.folder / "popl.sqlite"

    def command(self):
        self.popl_sync("team", "create", "first")
        return [self.program, "serve", "--database", self.database, "--port", self.port, "--quiet", *self.options]

    def popl_sync(self, *arguments):
        command = [str(word) for word in [self.program, *arguments, "--database", self.database]]
        return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout

    def fresh(self, name):
        self.popl_sync("team", "create", name)
        token = json.loads(self.popl_sync("token", "issue", "--team", name, "--format", "json"))["token"]
        return Place(f"http://127.0.0.1:{self.port}/api/external/scim/", token)

    def next(self, place, name):
        """The same one again, emptied: a new team and its token cost two starts of the program."""
        if place is None:
            return self.fresh(name)
        for kind in ("Groups", "Users"):
            for resource in place.all(kind):
                place.ask("DELETE", f"{kind}/{resource['id']}")
        return place


class Limited(Serve):
    """The same, for few requests a second."""

    name = "serve-limited"
    options = ["--rate-limit", 5]


SERVERS = {kind.name: kind for kind in (Index, Cursor, Plain, Narrow, Django, Serve, Limited)}


def start(name, folder, program):
    kind = SERVERS[name]
    return kind(folder, program) if issubclass(kind, Serve) else kind(folder)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
