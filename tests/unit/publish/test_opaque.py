"""Opaque ids say which, and not who."""

import re

from hypothesis import given
from hypothesis import strategies as st

from devicehub.opaque import opaque

SECRET, OTHER = b"a" * 16, b"b" * 16


@given(st.text(), st.text())
def test_an_id_is_one_level_of_a_topic_whatever_the_name(kind: str, name: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]{1,32}", opaque(SECRET, kind, name))


def test_an_id_holds_nothing_of_the_name() -> None:
    assert opaque(SECRET, "reference-cape", "C0:00:00:00:00:01") == "reference-cape-3a581d"


def test_an_id_is_the_same_from_run_to_run_and_another_one_on_another_hub() -> None:
    assert opaque(SECRET, "person", "Alex") == opaque(SECRET, "person", "ALEX")
    assert opaque(SECRET, "person", "Alex") != opaque(OTHER, "person", "Alex")
    assert opaque(SECRET, "person", "Alex") != opaque(SECRET, "person", "Sam")
