"""The pages of the settings: written into docs/config.md and docs/config.schema.json.

    python -m tests.settings

writes both; a test of the house fails when they have drifted.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from devicehub.config.describe import Row, rows, schema
from devicehub.config.sources import variable
from tests.shipped import ROOT

PAGE, SCHEMA = ROOT / "docs" / "config.md", ROOT / "docs" / "config.schema.json"
BEGIN, END = "<!-- settings -->", "<!-- /settings -->"


def written() -> Mapping[Path, str]:
    """Return what the two files should be."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page = f"{before}{BEGIN}\n\n{_table()}\n{END}{after}"
    return {PAGE: page, SCHEMA: json.dumps(schema(), indent=2) + "\n"}


def _table() -> str:
    lines = ["| key | built in | means | must be |", "|---|---|---|---|"]
    return "\n".join([*lines, *map(_row, rows())]) + "\n"


def _row(row: Row) -> str:
    default = "" if row.default is None else f"`{json.dumps(row.default)}`"
    return f"| `{'.'.join(row.key)}` | {default} | {row.meaning} | {row.right.replace('|', '/')} |"


def variables() -> list[str]:
    """Return the variable of every key that the environment can set."""
    return [variable(row.key) for row in rows() if row.key[0] != "devices"]


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
