"""One team of a service, read without the program and without the proxy."""

import http.client
import json
import time
import urllib.parse
from dataclasses import dataclass


@dataclass
class Place:
    """Where it is and how it is spoken to."""

    url: str
    token: str

    @property
    def address(self):
        return urllib.parse.urlsplit(self.url).hostname, urllib.parse.urlsplit(self.url).port

    def behind(self, port, scheme="http"):
        """The same place by way of a proxy on `port` of this machine."""
        return f"{scheme}://127.0.0.1:{port}{urllib.parse.urlsplit(self.url).path}"

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection(*self.address, timeout=120)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/scim+json"}
        path = urllib.parse.urlsplit(self.url).path + path
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status == 429:
            time.sleep(int(answer.headers["Retry-After"]))
            return self.ask(method, path.removeprefix(urllib.parse.urlsplit(self.url).path), body)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:500]}")
        return json.loads(content) if content else None

    def all(self, kind):
        found, page = [], self.ask("GET", kind)
        while True:
            found += page["Resources"] if "Resources" in page else []
            if page.get("nextCursor"):
                page = self.ask("GET", f"{kind}?cursor={urllib.parse.quote(page['nextCursor'])}")
            elif "startIndex" in page and len(found) < page["totalResults"]:
                page = self.ask("GET", f"{kind}?startIndex={len(found) + 1}")
            else:
                return found
