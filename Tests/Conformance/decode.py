"""Asks a running service every kind of question, and decodes every answer with scim2-models; prints how many there were.

    decode.py URL TOKEN

Each answer must have the status and be of the model that the standard has for it, with no member that the model does not
know. The model of the SSO connection is made of the schema that the service publishes.
"""

import json
import sys
import urllib.parse
from http.client import HTTPConnection

from scim2_models import (
    BulkResponse, Context, EnterpriseUser, Error, Group, ListResponse, Resource, ResourceType, Schema,
    ServiceProviderConfig, User,
)

url, token = sys.argv[1:]
place = urllib.parse.urlsplit(url)
Person = User[EnterpriseUser]
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
decoded = 0


def ask(method, path, status, model, context, body=None, headers=None):
    """The answer's JSON, decoded as `model`; `None` for one that must have no body."""
    global decoded
    connection = HTTPConnection(place.hostname, place.port, timeout=30)
    fields = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"} | (headers or {})
    connection.request(method, place.path + path, json.dumps(body) if body is not None else None, fields)
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == status, f"{method} {path}: {answer.status} {text[:300]}"
    decoded += 1
    if model is None:
        assert not text, f"{method} {path}: a body"
        return None
    assert answer.headers["Content-Type"] == "application/scim+json", f"{method} {path}"
    payload = json.loads(text)
    try:
        value = model.model_validate(payload, scim_ctx=context)
    except ValueError as error:
        sys.exit(f"{method} {path}: {error}\n{text[:1000]}")
    if isinstance(value, Error):
        assert value.status == status and payload["status"] == str(status), f"{method} {path}: {payload}"
    return payload


query = Context.RESOURCE_QUERY_RESPONSE
# Discovery.
ask("GET", "ServiceProviderConfig", 200, ServiceProviderConfig, query)
types = ask("GET", "ResourceTypes", 200, ListResponse[ResourceType], query)
for entry in types["Resources"]:
    ask("GET", f"ResourceTypes/{entry['id']}", 200, ResourceType, query)
schemas = ask("GET", "Schemas", 200, ListResponse[Schema], query)
for entry in schemas["Resources"]:
    ask("GET", f"Schemas/{entry['id']}", 200, Schema, query)

# Users.
boss = ask("POST", "Users", 201, Person, Context.RESOURCE_CREATION_RESPONSE, {"userName": "boss", "displayName": "B"})
rosa = ask("POST", "Users", 201, Person, Context.RESOURCE_CREATION_RESPONSE, {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE], "userName": "rosa", "externalId": "e1",
    "name": {"formatted": "Rosa L", "givenName": "Rosa"}, "displayName": "Rosa", "nickName": "R", "title": "Lead",
    "profileUrl": "https://x.example/r", "userType": "Employee", "preferredLanguage": "sv", "locale": "sv-SE",
    "timezone": "Europe/Stockholm", "password": "Zt4!", "active": "True",
    "emails": [{"value": "r@x.example", "type": "work", "primary": True}], "ims": [{"value": "r", "type": "xmpp"}],
    "phoneNumbers": [{"value": "+46 70 1", "type": "mobile"}], "roles": [{"value": "editor"}],
    "photos": [{"value": "https://x.example/r.png", "type": "photo"}], "entitlements": [{"value": "card"}],
    "addresses": [{"type": "work", "locality": "Malmö", "country": "SE"}], "x509Certificates": [{"value": "TUlJ"}],
    ENTERPRISE: {"department": "Field", "employeeNumber": "7", "manager": {"value": boss["id"]}}})
path = f"Users/{rosa['id']}"
ask("GET", path, 200, Person, query)
ask("GET", path + "?attributes=userName,emails.value", 200, Person, query)
ask("GET", path + "?excludedAttributes=groups,name", 200, Person, query)
ask("GET", path, 304, None, query, headers={"If-None-Match": rosa["meta"]["version"]})
ask("PUT", path, 200, Person, Context.RESOURCE_REPLACEMENT_RESPONSE, rosa | {"title": "Chief"})
ask("PATCH", path, 200, Person, Context.RESOURCE_PATCH_RESPONSE, {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations": [{"op": "Replace", "path": "active", "value": "False"}, {"op": "remove", "path": "ims"}]})

# Groups.
group = ask("POST", "Groups", 201, Group, Context.RESOURCE_CREATION_RESPONSE, {
    "displayName": "Sales", "externalId": "g1", "members": [{"value": rosa["id"]}, {"value": "stale"}]})
place_of_group = f"Groups/{group['id']}"
ask("GET", place_of_group, 200, Group, query)
ask("GET", path, 200, Person, query)
ask("PUT", place_of_group, 200, Group, Context.RESOURCE_REPLACEMENT_RESPONSE, group)
ask("PATCH", place_of_group, 200, Group, Context.RESOURCE_PATCH_RESPONSE, {
    "Operations": [{"op": "add", "path": "members", "value": [{"value": boss["id"]}]}]})

# The SSO connection, by the schema that says what it is.
schema = next(entry for entry in schemas["Resources"] if entry["name"] == "SSOConnection")
Connection = Resource.from_schema(Schema.model_validate(schema))
connection = ask("POST", "SSOConnections", 201, Connection, Context.RESOURCE_CREATION_RESPONSE, {
    "entityID": "https://idp.example", "nameIDFormats": ["a"], "wantAuthnRequestsSigned": False,
    "singleSignOnServices": [{"binding": "b", "location": "https://idp.example/sso"}],
    "signingCertificates": [{"value": "TUlJ", "sha256": "ab", "keySize": 2048}]})
ask("GET", f"SSOConnections/{connection['id']}", 200, Connection, query)
ask("GET", "SSOConnections", 200, ListResponse[Connection], query)

# Lists and searches.
ask("GET", "Users", 200, ListResponse[Person], query)
ask("GET", "Users?count=0", 200, ListResponse[Person], query)
ask("GET", "Users?startIndex=2&count=1&sortBy=userName", 200, ListResponse[Person], query)
ask("GET", "Users?filter=userName+eq+%22nobody%22", 200, ListResponse[Person], query)
page = ask("GET", "Users?cursor&count=1", 200, ListResponse[Person], query)
ask("GET", f"Users?cursor={page['nextCursor']}&count=1", 200, ListResponse[Person], query)
ask("GET", "Groups?excludedAttributes=members", 200, ListResponse[Group], query)
ask("GET", "", 200, ListResponse[Person | Group | Connection], query)
search = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "displayName pr", "count": 5}
ask("POST", "Users/.search", 200, ListResponse[Person], Context.SEARCH_RESPONSE, search)
ask("POST", ".search", 200, ListResponse[Person | Group | Connection], Context.SEARCH_RESPONSE, search)

# Bulk.
ask("POST", "Bulk", 200, BulkResponse[Person | Group], Context.BULK_RESPONSE, {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "failOnErrors": 3, "Operations": [
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "ann"}},
        {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {
            "displayName": "G", "members": [{"value": "bulkId:a"}]}},
        {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "ANN"}},
        {"method": "PATCH", "path": path, "data": {"Operations": [{"op": "add", "path": "title", "value": "x"}]}},
        {"method": "DELETE", "path": f"/Users/{boss['id']}"}, {"method": "DELETE", "path": "/Users/nobody"}]})

# Refusals.
for method, where, status, body in [
    ("GET", "Users/nobody", 404, None), ("POST", "Users", 409, {"userName": "ANN"}), ("POST", "Users", 400, {}),
    ("POST", "Users", 400, {"userName": "x", "active": 1}), ("GET", "Users?filter=bogus", 400, None),
    ("GET", "Users?count=x", 400, None), ("GET", "Users?cursor=x", 400, None), ("GET", "Users?sortBy=x", 400, None),
    ("GET", "Schemas?filter=id+pr", 403, None), ("PUT", "Users", 405, None), ("GET", "Nothing", 404, None),
    ("GET", "Me", 501, None), ("PATCH", path, 400, {"Operations": [{"op": "remove"}]}),
    ("PATCH", path, 400, {"Operations": [{"op": "replace", "path": "id", "value": "x"}]}),
    ("PATCH", path, 400, {"Operations": [{"op": "add", "path": "bogus", "value": "x"}]}), ("POST", "Bulk", 400, []),
]:
    ask(method, where, status, Error, None, body)
ask("PUT", path, 412, Error, None, {"userName": "rosa"}, {"If-Match": 'W/"999"'})
ask("POST", "Users", 415, Error, None, {"userName": "x"}, {"Content-Type": "text/plain"})
ask("GET", "Users", 401, Error, None, headers={"Authorization": "Bearer x"})
ask("DELETE", place_of_group, 204, None, query)
ask("DELETE", place_of_group, 404, Error, None)
print(decoded)
