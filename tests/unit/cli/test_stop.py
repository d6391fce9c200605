"""`devicehub stop`: a session that is silent is told by its massagers, each once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devicehub.cli import rescue, stop
from devicehub.keeper.standing import StandingStop, folder, forget, remember, standing
from devicehub.messages import DeviceEnd
from devicehub.radio.saved import Saved, save
from devicehub.session.control import Control
from tests.unit.cli.shell import here

VEST = StandingStop("TactSuitX40", "C0:02", "bhaptics-x40", "Bluetooth", (), "Hold its button.")
HAND = "Switch it off by hand."


@pytest.fixture(autouse=True)
def own_places(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path_factory.mktemp("r")))


@asynccontextmanager
async def session(*devices: str) -> AsyncGenerator[Control]:
    """A session that is asked to stop, and looks for what it lost."""
    async with Control(devices, lambda _: None) as control:
        yield control


@pytest.fixture
def air(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether a massager confirms over the air."""
    confirms = [False]

    async def tried(kept: StandingStop, _settings: Path | None) -> tuple[bool, str]:
        await asyncio.sleep(0)
        return confirms[0], kept.advice

    monkeypatch.setattr(rescue, "stop_standing", tried)
    return confirms


async def stopped() -> list[Any]:
    return await stop._stop(None, None)  # pyright: ignore[reportPrivateUsage]


async def test_a_session_that_still_tries_is_told_by_its_massagers(air: list[bool]) -> None:
    async with session("DH-CAPE", "LVS-Domi37"):
        rows = await stopped()
    assert not air[0]
    assert [(row["name"], row["confirmed"]) for row in rows] == [
        ("DH-CAPE", False),
        ("LVS-Domi37", False),
    ]
    assert {row["advice"] for row in rows} == {f"{stop.STILL_TRYING} {HAND}"}


@pytest.mark.parametrize("called", ["tactsuitx40", "c0:02"])
async def test_what_stands_and_is_played_is_one_row(called: str, air: list[bool]) -> None:
    remember(VEST)
    async with session(called):
        (unconfirmed,) = await stopped()
        air[0] = True
        (confirmed,) = await stopped()
    assert unconfirmed["name"] == "TactSuitX40"
    assert unconfirmed["advice"] == f"{stop.STILL_TRYING} Hold its button."
    assert confirmed["confirmed"]


async def test_an_answer_hides_no_other_massager_of_that_name(air: list[bool]) -> None:
    remember(VEST)
    async with session("TactSuitX40") as control:
        control.finish((DeviceEnd("TactSuitX40", "bhaptics-x40", True, 9.0),))
        rows = await stopped()
    assert not air[0]
    assert [row["confirmed"] for row in rows] == [True, False]


@pytest.mark.parametrize("called", ["my vest", "MY VEST"])
async def test_what_its_user_saved_is_stopped_by_that_name(
    called: str, air: list[bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    save(Saved("my vest", VEST.address, VEST.model))
    air[0] = True
    remember(VEST)
    remember(replace(VEST, address="C0:03"))
    (row,) = await stop._stop(called, None)  # pyright: ignore[reportPrivateUsage]
    assert (row["name"], row["confirmed"]) == ("my vest", True)
    assert stop.dismiss(called)[0]["dismissed"]
    assert [kept.address for kept in standing()] == ["C0:03"]


def test_an_air_that_is_gone_names_no_model_as_advice(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said = here(capsys, "stop", "--device", "LVS-Domi37", "--air", f"unix:{tmp_path}/no")
    assert "firmware-sim run MODEL --listen" in said.err


async def test_a_stop_that_stands_and_cannot_be_read_is_an_alarm(air: list[bool]) -> None:
    air[0] = True
    remember(VEST)
    (folder() / "torn.json").write_text("{", encoding="utf-8")
    (vest, unknown) = await stopped()
    assert (vest["name"], vest["confirmed"]) == ("TactSuitX40", True)
    assert not unknown["confirmed"]
    assert "torn.json cannot be read" in unknown["advice"]


async def test_what_was_stopped_over_the_air_is_no_alarm_of_its_session_any_more(
    air: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def confirmed(kept: StandingStop, _settings: Path | None) -> tuple[bool, str]:
        forget(kept)
        return True, kept.advice

    assert not air[0]
    monkeypatch.setattr(rescue, "stop_standing", confirmed)
    remember(VEST)
    async with session("TactSuitX40") as control:
        control.finish((DeviceEnd("TactSuitX40", "bhaptics-x40", False, None),))
        rows = await stopped()
    assert [(row["name"], row["confirmed"]) for row in rows] == [("TactSuitX40", True)]


async def test_a_session_that_is_silent_and_a_saved_name_are_one_row(
    air: list[bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    save(Saved("my vest", VEST.address, VEST.model))
    air[0] = True
    remember(VEST)
    async with session("my vest"):
        (row,) = await stopped()
    assert (row["name"], row["confirmed"]) == ("my vest", True)
