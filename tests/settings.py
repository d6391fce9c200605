"""The tables of the service: in docs/config.md, docs/config.schema.json and docs/service.md.

    python -m tests.settings

writes them; a test of the house fails when they have drifted.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from devicehub.config.describe import Row, rows, schema
from devicehub.service.record import EVENTS, severity
from tests.shipped import ROOT

SERVICE = ROOT / "docs" / "service.md"
PAGE, SCHEMA = ROOT / "docs" / "config.md", ROOT / "docs" / "config.schema.json"
BEGIN, END = "<!-- settings -->", "<!-- /settings -->"
BEGIN_EVENTS, END_EVENTS = "<!-- service events -->", "<!-- /service events -->"


def written() -> Mapping[Path, str]:
    """Return what the files should be."""
    return {
        PAGE: _between(PAGE, BEGIN, _table(), END),
        SERVICE: _between(SERVICE, BEGIN_EVENTS, _events(), END_EVENTS),
        SCHEMA: json.dumps(schema(), indent=2) + "\n",
    }


def _between(page: Path, begin: str, text: str, end: str) -> str:
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n\n{text}\n{end}{after}"


def _events() -> str:
    rows = [f"| `{name}` | {severity(name).value} | {when} |" for name, when in EVENTS.items()]
    return "\n".join(["| name | severity | when |", "|---|---|---|", *rows]) + "\n"


def _table() -> str:
    lines = ["| key | built in | means | must be |", "|---|---|---|---|"]
    return "\n".join([*lines, *map(_row, rows())]) + "\n"


def _row(row: Row) -> str:
    default = "" if row.default is None else f"`{json.dumps(row.default)}`"
    return f"| `{'.'.join(row.key)}` | {default} | {row.meaning} | {row.right.replace('|', '/')} |"


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
