"""What became of each line of the article: docs/article-coverage.md, written from article.toml.

python -m tests.article
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.shipped import ROOT

SOURCE = Path(__file__).with_name("article.toml")
PAGE = ROOT / "docs" / "article-coverage.md"
KEPT = ("yes", "partly", "words", "no")
LAST_LINE = 175

HEAD = """\
# The article, line by line

The project starts from an article on back massage at home. It is not copied here: a line is a
number and a few words of what it is about. Each has a row: what became of it, where, and which test
holds it. `python -m tests.article` writes this page from `tests/article.toml`; a test of the house
finds a line without a row, and a file or a test that is gone.

*Kept*: **yes**, as it is meant; **partly**, and what is missing is said; **words**, a claim or an
advice that decides what we say or do not say; **no**, left out, and why.

| line | what it is about | what became of it | kept | where | test |
|---|---|---|---|---|---|
"""


@cache
def rows() -> list[Mapping[str, Any]]:
    """Return the rows as they are written."""
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))["row"]


def lines(row: Mapping[str, Any]) -> Iterator[int]:
    """Yield the numbers of the lines of a row, such as ``"22-25, 28"``."""
    for part in row["lines"].split(","):
        first, _, last = part.strip().partition("-")
        yield from range(int(first), int(last or first) + 1)


def page() -> str:
    """Return what the page should be."""
    return HEAD + "\n".join(map(_row, rows())) + "\n"


def _row(row: Mapping[str, Any]) -> str:
    where = "<br>".join(f"`{file}`" for file in row.get("files", ()))
    held = "<br>".join(f"`{test.replace('::', '` `')}`" for test in row.get("tests", ()))
    cells = (row["lines"], row["fact"], row["feature"], row["kept"], where, held)
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.exit(0)
