"""Schema: what a profile may hold, as JSON Schema for editors; made from the models.

An editor completes keys and zones with it and shows what each is for. It says less than the loader:
rules that look at the whole profile (its order, its length) are not in it.
"""

from typing import Any, cast

from profiles.model import Profile
from profiles.techniques.base import ZONE_IDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Node = dict[str, Any]

_NULL: Node = {"type": "null"}
_ZONE: Node = {"type": "string", "enum": list(ZONE_IDS)}
_TITLE: Node = {
    "title": "devicehub profile",
    "description": "A massage: phase by phase what is done where, for how long and how strongly.",
}
# Of each, exactly one; as the loader says (profiles/rules.py).
_LENGTHS = ("minutes", "seconds")


def schema() -> Node:
    """Return the JSON Schema (draft 2020-12) of a profile file as plain JSON values.

    Each technique is one branch of its own under ``$defs``; zones are written out once.
    """
    made = Profile.model_json_schema(by_alias=True)
    branches: dict[str, Node] = made.pop("$defs")
    for branch in branches.values():
        if "technique" in branch.get("properties", {}):
            branch["oneOf"] = [{"required": [length]} for length in _LENGTHS]
    whole: Node = _plain({"$schema": DIALECT, **made, **_TITLE, "$defs": branches})
    whole["$defs"] = {"zone": _ZONE | {"description": "a zone of the body map"}} | whole["$defs"]
    return whole


def _plain(node: Any) -> Any:
    """Return a node without what TOML cannot say, without noise, and with zones by reference."""
    if isinstance(node, list):
        return [_plain(each) for each in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    table = cast("Node", node)
    if table == _ZONE:
        return {"$ref": "#/$defs/zone"}
    if "properties" in table:
        properties = {key: _key(value) for key, value in table["properties"].items()}
        table = table | {"properties": properties}
    return {key: _plain(value) for key, value in table.items()}


def _key(node: Node) -> Node:
    """Return what one key may hold: there is no null in TOML, and a key is its own title."""
    choices = [each for each in node.get("anyOf", ()) if each != _NULL]
    kept = {key: value for key, value in node.items() if key not in {"title", "anyOf"}}
    if kept.get("default", ...) is None:
        del kept["default"]
    if len(choices) > 1:
        return kept | {"anyOf": choices}
    return choices[0] | kept if choices else kept
