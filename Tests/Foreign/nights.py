"""The people of one company on two nights, as exports (SCIM ListResponses), and the roster that must come of them."""

import json
from dataclasses import dataclass, replace

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@dataclass(frozen=True)
class Person:
    """In the export, and flattened the same way in a roster. None in what is expected: whatever it is."""

    externalId: str
    userName: str | None
    givenName: str
    familyName: str
    displayName: str | None
    email: str | None
    title: str | None
    phone: str | None
    department: str | None
    active: bool = True

    def named(self, address):
        return replace(self, userName=address, email=address)


@dataclass
class Night:
    people: dict  # externalId → Person
    groups: dict  # the group's externalId → (name, externalIds of its members)

    def write(self, folder):
        users = [resource(person) for person in self.people.values()]
        groups = [{
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "id": f"export-{id}", "externalId": id,
            "displayName": name, "members": [{"value": f"export-{member}"} for member in members],
        } for id, (name, members) in self.groups.items()]
        for name, resources in (("users", users), ("groups", groups)):
            (folder / f"{name}.json").write_text(json.dumps({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": len(resources),
                "startIndex": 1, "itemsPerPage": len(resources), "Resources": resources}))


def resource(person):
    user = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE], "id": f"export-{person.externalId}",
        "externalId": person.externalId, "userName": person.userName, "active": person.active,
        "name": {"givenName": person.givenName, "familyName": person.familyName}, "displayName": person.displayName,
        "emails": [{"value": person.email, "type": "work", "primary": True}], ENTERPRISE: {"department": person.department},
    }
    if person.title:
        user["title"] = person.title
    if person.phone:
        user["phoneNumbers"] = [{"value": person.phone, "type": "work"}]
    return user


def flat(user):
    """A person as a service shows them."""
    def only(name):
        values = [entry.get("value") or None for entry in user.get(name) or []]
        assert len(values) < 2, f"{user['userName']} has several {name}: {values}"
        return values[0] if values else None

    name = user.get("name") or {}
    return Person(
        user.get("externalId") or None, user["userName"], name.get("givenName"), name.get("familyName"),
        user.get("displayName"), only("emails"), user.get("title"), only("phoneNumbers"),
        (user.get(ENTERPRISE) or {}).get("department"), user.get("active", True))


def joiner(number):
    address = f"person.{number:05}@northbay.example"
    return Person(
        f"00u{number:05}", address, f"Given{number}", f"Ödegård {number}", f"Given{number} Ödegård {number}", address,
        "Engineer" if number % 3 else None, f"+46 70 {number:05}", ["Field", "Sales", "Product"][number % 3])


def first(count):
    people = {person.externalId: person for person in map(joiner, range(count))}
    ids = list(people)
    return Night(people, {"g-sales": ("Sales", ids[1::3]), "g-field": ("Field", ids[0::3]), "g-all": ("Everybody", ids)})


def second(night):
    """Joiners, leavers, movers, renames, a swap, three in a ring, a chain, a recycled address, and groups that changed."""
    people, ids = dict(night.people), list(night.people)
    hundredth = max(1, len(ids) // 100)
    leavers = ids[-min(15, hundredth):]
    recycled = people[leavers[0]].userName
    for leaver in leavers:
        del people[leaver]
    for id in ids[8 :: 20]:
        if id in people:
            people[id] = replace(people[id], title="Director", department="Board")
    for id in ids[9 : 9 + hundredth]:
        if id in people:
            people[id] = people[id].named(f"renamed.{id}@northbay.example")
    pass_on(people, ids[0:2], [1, 0])
    if len(ids) > 20:
        pass_on(people, ids[2:5], [1, 2, 0])
    chain = people[ids[5]].userName
    people[ids[5]] = people[ids[5]].named("end.of.chain@northbay.example")
    people[ids[6]] = people[ids[6]].named(chain)
    joiners = [joiner(len(ids) + number) for number in range(hundredth)]
    joiners[0] = joiners[0].named(recycled)
    people |= {person.externalId: person for person in joiners}
    new = [person.externalId for person in joiners]
    staying = [id for id in night.groups["g-sales"][1] if id in people]
    field = [id for id in night.groups["g-field"][1] if id in people]
    return Night(people, {
        "g-sales": ("Sales", staying[1:] + new), "g-field": ("Field Force", field), "g-board": ("Board", ids[0:3]),
        "g-all": ("Everybody", list(people))})


def pass_on(people, ids, order):
    """Each takes the address of the one at `order`."""
    addresses = [people[id].userName for id in ids]
    for id, place in zip(ids, order):
        people[id] = people[id].named(addresses[place])


def expected(server, *nights):
    """The roster after these nights on `server`: people by externalId, groups by name with the externalIds of members."""
    roster = {}
    for night in nights:
        for id, person in roster.items():
            if id not in night.people:
                roster[id] = replace(person, active=False)
        taken = {person.userName for person in night.people.values()}
        # What a leaver is called whose address was given on is the program's own affair.
        for id, person in roster.items():
            if not person.active and person.userName in taken:
                roster[id] = replace(person, userName=None, email=None)
        roster |= night.people
    groups = {name: sorted(members) for name, members in nights[-1].groups.values()}
    return {id: server.shown(person) for id, person in roster.items()}, groups


def found(place):
    return flattened(place.all("Users"), place.all("Groups"))


def flattened(users, all_groups):
    """The roster of a service, in the same form; nobody may be in it twice."""
    ids = {user["id"]: user.get("externalId") or user["userName"] for user in users}
    people = {ids[user["id"]]: flat(user) for user in users}
    assert len(people) == len(users), f"{len(users) - len(people)} people are there twice"
    groups = {}
    for group in all_groups:
        assert group["displayName"] not in groups, f"the group {group['displayName']} is there twice"
        members = [ids.get(member["value"], member["value"]) for member in group.get("members") or []]
        groups[group["displayName"]] = sorted(members)
    return people, groups


def differences(expected, found):
    """Sentences, at most ten; none when `found` is as expected."""
    sentences = []
    for id in sorted(expected[0].keys() | found[0].keys()):
        wanted, is_there = expected[0].get(id), found[0].get(id)
        if wanted and is_there:
            for name, value in vars(wanted).items():
                if getattr(is_there, name) != value and not (value is None and name in ("userName", "email")):
                    sentences.append(f"{id}: {name} is {getattr(is_there, name)!r} instead of {value!r}")
        elif wanted != is_there:
            sentences.append(f"{id}: " + ("is missing" if wanted else "should not be there"))
    for name in sorted(expected[1].keys() | found[1].keys()):
        wanted, is_there = expected[1].get(name), found[1].get(name)
        if wanted != is_there:
            sentences.append(f"group {name}: {short(is_there)} instead of {short(wanted)}")
    return sentences[:10]


def short(members):
    return members if members is None or len(members) <= 12 else f"{len(members)} members"
