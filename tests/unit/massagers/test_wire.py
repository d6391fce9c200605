"""Only the codec mints what the radio accepts."""

import ast
import copy
import dataclasses
from typing import get_args

import pytest

from devicehub.massagers.schema import StimulusClass, json_schema
from devicehub.massagers.wire import Encoded, Write
from devicehub.safety.limits import load
from tests.shipped import ROOT, code, tree
from tests.unit.massagers.material import CAPE

WRITE = Write("2a19", b"\x01", response=True)


def test_nobody_makes_an_encoded_by_hand() -> None:
    with pytest.raises(TypeError, match=r"made by devicehub\.massagers\.encode"):
        Encoded((WRITE,), (1,), 1.0, False, 0, object())


def test_nobody_changes_an_encoded() -> None:
    stop = CAPE.stops[0]
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(stop, writes=(WRITE,))
    with pytest.raises(dataclasses.FrozenInstanceError):
        stop.writes = (WRITE,)  # pyright: ignore[reportAttributeAccessIssue] - that is the point


def test_a_copy_is_the_same() -> None:
    assert copy.deepcopy(CAPE.stops[0]) == CAPE.stops[0]


@pytest.mark.exhaustive
def test_the_mint_is_used_inside_the_package_alone() -> None:
    package = ROOT / "devicehub" / "massagers"
    users = [
        file
        for file in code()
        if package not in file.parents
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ImportFrom)
        and node.module == "devicehub.massagers.wire"
        and any(alias.name in {"mint", "_KEY"} for alias in node.names)
    ]
    assert users == []


def test_the_schemas_classes_are_the_rows_of_the_limits() -> None:
    assert set(get_args(StimulusClass)) == {*load().classes, "unknown"}


def test_editors_get_a_schema_in_which_every_key_says_what_is_right() -> None:
    schema = json_schema()
    assert schema["properties"]["class"]["enum"] == list(get_args(StimulusClass))
    tables = [schema, *schema["$defs"].values()]
    for table in tables:
        assert table["additionalProperties"] is False
        assert all("description" in key for key in table["properties"].values())
