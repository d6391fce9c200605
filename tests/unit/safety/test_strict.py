"""A table is read by name and kind, and a mistake in it is said exactly."""

import math
from collections.abc import Callable

import pytest

from devicehub.safety.strict import LimitsError, Table, read

MISTAKES: dict[str, tuple[object, Callable[[Table], object], str]] = {
    "number": ("7", lambda t: t.number("x"), "f: a.x is '7': must be a number"),
    "a flag is no number": (True, lambda t: t.number("x"), "f: a.x is True: must be a number"),
    "less than 0": (-0.5, lambda t: t.number("x"), "f: a.x is -0.5: must be finite and at least 0"),
    "infinite": (math.inf, lambda t: t.number("x"), "f: a.x is inf: must be finite and at least 0"),
    "too much": (
        2,
        lambda t: t.number("x", most=1.5),
        "f: a.x is 2: must be finite and from 0 to 1.5",
    ),
    "zero": (0, lambda t: t.positive("x"), "f: a.x is 0: must be above 0"),
    "flag": (1, lambda t: t.flag("x"), "f: a.x is 1: must be true or false"),
    "text": (7, lambda t: t.text("x"), "f: a.x is 7: must be a text"),
    "no text": ("", lambda t: t.text("x"), "f: a.x is '': must be a text"),
    "another text": (
        "c",
        lambda t: t.text("x", one_of=("a", "b")),
        "f: a.x is 'c': must be one of a, b",
    ),
    "list": ("ab", lambda t: t.texts("x"), "f: a.x is 'ab': must be a list"),
    "texts": (["a", 7], lambda t: t.texts("x"), "f: a.x is 7: must be a list of texts"),
    "object": ([], lambda t: t.table("x"), "f: a.x is []: must be an object"),
    "objects": ([{}, 7], lambda t: t.tables("x"), "f: a.x[1] is 7: must be an object"),
    "keys": (1, lambda t: t.only("y", "z"), "f: a.x is 1: must be one of the keys y, z"),
    "missing": (1, lambda t: t.number("y"), "f: a.y is missing"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_with_file_key_value_and_what_is_right(mistake: str) -> None:
    value, ask, sentence = MISTAKES[mistake]
    with pytest.raises(LimitsError) as caught:
        ask(Table({"x": value}, "f", "a"))
    assert str(caught.value) == sentence


def test_at_the_top_of_a_file_a_key_stands_alone() -> None:
    with pytest.raises(LimitsError) as caught:
        Table({"x": "7"}, "f").number("x")
    assert str(caught.value) == "f: x is '7': must be a number"


def test_a_file_that_is_no_object_says_so() -> None:
    with pytest.raises(LimitsError) as caught:
        Table([], "f")
    assert str(caught.value) == "f: the file is []: must be an object"


def test_the_most_and_the_least_are_numbers_that_may_be() -> None:
    table = Table({"least": 0, "most": 1}, "f")
    assert (table.number("least"), table.number("most", most=1.0)) == (0.0, 1.0)
    assert table.positive("most", most=1.0) == 1.0


def test_the_key_that_is_there_twice_is_the_one_that_is_named() -> None:
    with pytest.raises(LimitsError) as caught:
        read('{"once": 1, "x": 1, "x": 2}', "f")
    assert str(caught.value) == "f: key 'x' appears twice in one object: keep one"


def test_a_table_says_where_it_is() -> None:
    assert (Table({}, "f").where, Table({}, "f", "a").where) == ("f: the file", "f: a")
