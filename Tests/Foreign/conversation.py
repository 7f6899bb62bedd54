"""What must hold of all that was asked of a service, as `proxy.py` saw it."""

import collections
import json


class Failed(AssertionError):
    pass


def check(holds, sentence):
    if not holds:
        raise Failed(sentence)


def applied_once(exchanges):
    """No change that the service had made was asked of it again."""
    made = collections.Counter()
    for exchange in exchanges:
        for method, path, body in operations(exchange):
            if method == "POST":
                made[f"POST {path} {body.get('externalId') or body}"] += 1
            else:
                made[f"{method} {path} {json.dumps(body, sort_keys=True)}"] += 1
    twice = {what: times for what, times in made.items() if times > 1}
    check(not twice, f"applied more than once: {twice}")


def operations(exchange):
    """What the service says it did of one request."""
    if exchange.method == "GET" or not exchange.status or not 200 <= exchange.status < 300:
        return []
    body = json.loads(exchange.body) if exchange.body else {}
    if not exchange.path.endswith("/Bulk"):
        return [(exchange.method, exchange.path.rsplit("/v2/", 1)[-1], body)]
    results = json.loads(exchange.answer)["Operations"]
    return [(asked["method"], asked["path"], asked.get("data")) for asked, result in zip(body["Operations"], results)
            if str(result["status"]).startswith("2")]


def waited(exchanges):
    """Nothing was asked again before its Retry-After was over."""
    until = {}
    for exchange in sorted(exchanges, key=lambda exchange: exchange.arrived):
        asked = (exchange.method, exchange.path, exchange.body)
        # It is what a run asks first: whoever begins after a kill was told nothing.
        if exchange.path.endswith("/ServiceProviderConfig") and asked not in until:
            until.clear()
        early = until.get(asked, 0) - exchange.arrived
        check(early < 0.001, f"{exchange.method} {exchange.path} came again {early:.2f} s before its Retry-After was over")
        if exchange.wait_until:
            until[asked] = exchange.wait_until


def limits_kept(exchanges, announced):
    """No more at once than the service announces (RFC 7643 §5)."""
    for exchange in exchanges:
        if exchange.path.endswith("/Bulk"):
            operations, bulk = len(json.loads(exchange.body)["Operations"]), announced["bulk"]
            check(
                bulk["supported"] and operations <= bulk["maxOperations"] and len(exchange.body) <= bulk["maxPayloadSize"],
                f"{operations} operations in {len(exchange.body)} bytes, announced is {bulk}")
