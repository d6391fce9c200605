"""`devicehub devices proxies` and what doctor says of them: each is tried, each has its line."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from devicehub.cli.devices_proxies import line_of
from devicehub.cli.doctor_checks import PROBLEM, through_proxies
from devicehub.config.proxies import Place
from devicehub.radio.proxies.trying import Tried
from tests.unit.cli.shell import here

HALL = Place("hall", "10.0.0.7", 6053)


def test_one_that_is_well_is_told_with_its_links_and_what_it_hears() -> None:
    assert line_of(Tried(HALL, "hall-esp", "2026.10.0", (3, 2), 7)) == (
        "hall: hall-esp, ESPHome 2026.10.0, 2 of 3 links free, hears 7 devices"
    )


def test_one_that_only_listens_is_told_with_what_mends_it() -> None:
    assert line_of(Tried(HALL, "hall-esp", "2026.10.0", None, 7, "it only listens")) == (
        "hall: hall-esp, ESPHome 2026.10.0, hears 7 devices; it only listens"
    )


def test_where_none_is_set_it_says_how(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "config.toml"
    file.touch()
    said = here(capsys, "devices", "proxies", "--config", str(file))
    assert (said.code, said.out) == (0, "No proxies are set: docs/proxy.md says how.\n")
    assert here(capsys, "devices", "proxies", "--config", str(file), "--json").out == ""


@pytest.fixture
def gone() -> Iterator[int]:
    """A port of this computer at which nobody listens, held so that nobody will."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.mark.wallclock
def test_one_that_is_not_there_is_told_and_the_exit_code_says_so(
    gone: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trouble = f"nothing answers at 127.0.0.1 port {gone}; is it on, and on this network?"
    folder = tmp_path / "devicehub"
    folder.mkdir()
    (folder / "config.toml").write_text(f'[proxies.hall]\nhost = "127.0.0.1"\nport = {gone}\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    said = here(capsys, "devices", "proxies")
    assert (said.code, said.out) == (1, f"hall: {trouble}\n")
    row = json.loads(here(capsys, "devices", "proxies", "--json").out)
    assert (row["proxy"], row["name"], row["trouble"]) == ("hall", None, trouble)
    (finding,) = through_proxies()
    assert (finding.state, finding.text) == (PROBLEM, f"hall: {trouble}")
