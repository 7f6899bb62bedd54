"""Asks a service over TLS with its certificate as the only one trusted: tls.py URL CERTIFICATE. Prints status and protocol."""

import ssl
import sys
import urllib.parse
from http.client import HTTPSConnection

url, certificate = sys.argv[1:]
place = urllib.parse.urlsplit(url)
connection = HTTPSConnection(place.hostname, place.port, context=ssl.create_default_context(cafile=certificate), timeout=20)
connection.request("GET", "/healthz")
print(connection.getresponse().status, connection.sock.version())
