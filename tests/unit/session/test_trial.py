"""A trial: one motor off the body, half a second at most, judged, and stopped after it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from devicehub.errors import SafetyRefusal, StopUnconfirmed
from devicehub.massagers.library import load_file
from devicehub.massagers.model import Massager
from devicehub.radio.air import Air
from devicehub.radio.local import LocalConnector
from devicehub.safety.limits import load
from devicehub.session.trial import Asker, Stage, burst, highest_tried
from firmware_sim.faults import parse
from firmware_sim.memory import simulate_in_memory
from tests.tapes import Tape, parse_tape
from tests.unit.massagers.test_whitelist import INVENTED

FILE = INVENTED / "flag-wand.toml"
STOP = "aa000000000000"
WAND = load_file(FILE).massagers["flag-wand"]
STRICT = replace(WAND, stimulus_class="percussive")
MOTOR = 1


def _nothing(_stage: Stage) -> None:
    """Hear nothing."""


async def tried(
    tmp_path: Path,
    level: int,
    massager: Massager = WAND,
    enough: asyncio.Event | None = None,
    fault: str | None = None,
    tell: Callable[[Stage], None] = _nothing,
) -> tuple[int | Exception, Tape]:
    """Return the level that was reached, or what went wrong, and the tape."""
    tape = tmp_path / "tape.jsonl"
    wrong = [] if fault is None else [parse(fault)]
    async with simulate_in_memory([str(FILE)], {"flag-wand": tape}, wrong) as near:
        air = Air("memory", near.scanner, near.client, near.options, simulated=True)
        connector = LocalConnector(air, {massager.model: massager})
        where = near.addresses["flag-wand"]
        try:
            reached: int | Exception = await burst(
                connector,
                where,
                massager,
                MOTOR,
                level,
                load(),
                Asker(enough or asyncio.Event(), tell),
            )
        except StopUnconfirmed as error:
            reached = error
    return reached, parse_tape(tape.read_text("utf-8").splitlines())


@pytest.mark.exhaustive
@pytest.mark.parametrize("massager", [WAND, STRICT], ids=["its own class", "the strictest"])
@pytest.mark.parametrize("level", [1, 2, 3])
async def test_a_burst_is_half_a_second_at_most_and_ends_at_rest(
    level: int, massager: Massager, tmp_path: Path
) -> None:
    reached, tape = await tried(tmp_path, level, massager)
    assert reached == level
    assert {move.actuator for move in tape.moves} == {MOTOR}
    assert max(move.level for move in tape.moves) == level
    assert tape.moves[-1].level == 0
    assert tape.moves[-1].t - tape.moves[0].t <= 0.5


async def test_the_first_write_is_stop_and_so_is_the_last(tmp_path: Path) -> None:
    _, tape = await tried(tmp_path, 1)
    hexed = [said for _, _, said in tape.writes]
    assert hexed[0] == hexed[-1] == STOP
    assert len(set(hexed)) > 1


async def test_no_write_rises_by_more_than_half_of_the_cap(tmp_path: Path) -> None:
    _, tape = await tried(tmp_path, 4)
    assert tape.moves[0].level <= 3


@pytest.mark.parametrize(("massager", "most"), [(WAND, 6), (STRICT, 4)])
async def test_what_no_place_lets_through_is_not_tried(
    massager: Massager, most: int, tmp_path: Path
) -> None:
    assert highest_tried(massager, MOTOR, load()) == most
    for level in (0, most + 1):
        with pytest.raises(SafetyRefusal, match="may not be tried"):
            await tried(tmp_path, level, massager)


def placed(*zones: str) -> Massager:
    """Return the wand with motors that are felt in `zones`, as one that lies there by itself."""
    places = tuple(replace(place, zones=zones) for place in STRICT.layout.places)
    return replace(STRICT, layout=replace(STRICT.layout, places=places))


@pytest.mark.parametrize(
    ("zones", "most"),
    [
        (("gluteal",), 4),
        (("rhomboid",), 3),
        (("gluteal", "paraspinal_lumbar"), 2),
        (("spine_lumbar",), 1),
        (("unknown",), 1),
    ],
    ids=["widest", "wide", "strictest of two", "spared", "unknown"],
)
async def test_a_motor_with_a_place_is_tried_as_high_as_there_and_its_lowest_level_anywhere(
    zones: tuple[str, ...], most: int, tmp_path: Path
) -> None:
    massager = placed(*zones)
    assert highest_tried(massager, MOTOR, load()) == most
    reached, _ = await tried(tmp_path, most, massager)
    assert reached == most
    with pytest.raises(SafetyRefusal, match="may not be tried"):
        await tried(tmp_path, most + 1, massager)


async def test_that_it_moves_is_told_before_the_first_frame_that_moves(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    moved: dict[Stage, bool] = {}

    def tell(stage: Stage) -> None:
        moved[stage] = bool(parse_tape(tape.read_text("utf-8").splitlines()).moves)

    await tried(tmp_path, 1, tell=tell)
    assert moved == {Stage.MOVING: False, Stage.STOPPING: True}


async def test_enough_is_enough_before_anything_moved(tmp_path: Path) -> None:
    enough = asyncio.Event()
    enough.set()
    reached, tape = await tried(tmp_path, 1, enough=enough)
    assert reached == 0
    assert not tape.moves


@pytest.mark.parametrize("at", ["0", "0.1", "1.0"])
async def test_a_link_that_is_lost_while_or_after_connecting_leaves_a_stop_unconfirmed(
    at: str, tmp_path: Path
) -> None:
    reached, _ = await tried(tmp_path, 1, fault=f"drop@{at}")
    assert isinstance(reached, StopUnconfirmed)


async def test_a_massager_that_answers_no_stop_is_an_alarm(tmp_path: Path) -> None:
    told: list[Stage] = []
    reached, _ = await tried(tmp_path, 1, fault="hang@1.9", tell=told.append)
    assert told.count(Stage.UNANSWERED) > 1
    assert isinstance(reached, StopUnconfirmed)
    assert "Switch it off" in str(reached)
