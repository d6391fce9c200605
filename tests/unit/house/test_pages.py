"""The pages: every link leads somewhere, every file that is named is there."""

import re
import shlex
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from tests.shipped import ROOT, name, pages
from tests.unit.cli.shell import here

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.+?)\s*$", re.MULTILINE)
NAMED = re.compile(
    r"`((?:devicehub|profiles|firmware_sim|tests|docs)/[\w./-]+\.(?:py|toml|md|json))`"
)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def promised() -> list[str]:
    """The commands that the pages promise to work: ``$ devicehub ...`` in blocks of console."""
    blocks = (block for page in pages() for block in CONSOLE.findall(page.read_text("utf-8")))
    lines = (line for block in blocks for line in block.splitlines())
    return sorted({line[2:] for line in lines if line.startswith("$ devicehub")})


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings make, the way code hosts spell them."""
    plain = (re.sub(r"[^\w\s-]", "", h.lower()) for h in HEADING.findall(page.read_text("utf-8")))
    return {heading.strip().replace(" ", "-") for heading in plain}


def broken(page: Path) -> list[str]:
    found: list[str] = []
    for link in (a or b for a, b in LINK.findall(page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue  # another place: no test touches the network
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            found.append(link)
    return found


def test_every_link_on_a_page_leads_somewhere() -> None:
    assert {name(page): links for page in pages() if (links := broken(page))} == {}


def test_every_file_that_a_page_names_is_there() -> None:
    named = {name(page): NAMED.findall(page.read_text(encoding="utf-8")) for page in pages()}
    lost = [
        (page, path) for page, all_ in named.items() for path in all_ if not (ROOT / path).exists()
    ]
    assert lost == []


def test_decisions_are_numbered_without_gaps_and_say_why() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [d.name[:4] for d in decisions] == [f"{n:04}" for n in range(1, len(decisions) + 1)]
    for decision in decisions:
        said = decision.read_text(encoding="utf-8")
        assert all(f"## {part}" in said for part in ("Context", "Decision", "Consequence")), (
            decision
        )


def a_case(command: str) -> ParameterSet:
    """Return a command as a case; the longest profile on the most motors takes seconds."""
    return pytest.param(
        command, marks=[pytest.mark.thorough] if "play whole-back" in command else []
    )


@pytest.mark.wallclock
@pytest.mark.parametrize("command", [a_case(command) for command in promised()])
def test_a_command_on_a_page_works_as_it_stands(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    said = here(capsys, *shlex.split(command, comments=True)[1:])
    assert (said.code, said.err) == (0, "")
