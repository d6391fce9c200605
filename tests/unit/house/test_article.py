"""Every line of the article has a row, and a row names what there is."""

import ast
from collections import Counter
from functools import cache

import pytest

from tests.article import KEPT, PAGE, lines, page, rows
from tests.shipped import ROOT

pytestmark = pytest.mark.exhaustive  # it reads pages and tests, and runs no shipped code

# The lines with content: the others are empty, or a heading of one word.
CONTENT = {
    *(1, 2, 3, 7, 9, 10, 11, 12, 14, 16, 20),
    *range(22, 29),
    *(30, 34, *range(36, 41), 42, 46, 48, *range(50, 55), 56, 60),
    *(*range(62, 67), 68, 71, *range(73, 78), 79, 81, 85, 88, 90, 93, 96, 99, 103, 105, 107),
    *(111, 113, 115, 117, 119, 123, *range(125, 129), 130, 133, *range(135, 140)),
    *(*range(143, 154), 155, 158, 160, *range(162, 167), 170, *range(172, 176)),
}
NAMED = {"lines", "fact", "feature", "kept", "files", "tests"}


@cache
def defined_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, functions))


def test_every_line_with_content_has_one_row() -> None:
    times = Counter(line for row in rows() for line in lines(row))
    assert sorted(CONTENT - times.keys()) == []
    assert sorted(times.keys() - CONTENT) == []
    assert [line for line, count in times.items() if count > 1] == []


def test_a_row_says_what_became_of_it_and_which_test_holds_it() -> None:
    for row in rows():
        assert set(row) <= NAMED, row
        assert row["kept"] in KEPT, row
        assert row["kept"] == "no" or row["tests"], row
        assert row["kept"] not in {"yes", "partly"} or row["files"], row


def test_every_file_and_every_test_that_a_row_names_is_there() -> None:
    files = [file for row in rows() for file in row.get("files", ())]
    named = [test.split("::") for row in rows() for test in row.get("tests", ())]
    assert [file for file in files if not (ROOT / file).is_file()] == []
    assert [name for file, name in named if name not in defined_in(file)] == []


def test_the_page_has_not_drifted() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.article mends this"
