"""Somebody's first sessions are softer, and nothing that they can ask for changes that."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from devicehub.cli.accounts import mannequin
from devicehub.cli.ground import Proof
from devicehub.errors import HubError, SafetyRefusal
from devicehub.massagers.library import load_library
from devicehub.massagers.mounting import mount
from devicehub.messages import CommandKind, EndReason
from devicehub.safety.governor import Governor
from devicehub.safety.limits import load
from devicehub.safety.restrictions import UNRESTRICTED
from devicehub.session.account import Account
from devicehub.session.firsts import LEAST_S, MOVED_S, PART, SESSIONS, Firsts, softened
from tests.unit.radio.bench import CAPE
from tests.unit.session.stage import LONG, stage

LIBRARY, LIMITS = load_library(), load()
# Five minutes of as much as the place takes.
STRONG = LONG.replace("level = 0.3", "level = 0.6").replace("minutes = 5", "minutes = 2.5")
SECRET = b"a secret of this hub"


def firsts(folder: Path, person: str = "Ann") -> Firsts:
    return Firsts(folder / "first-sessions", lambda: SECRET, person)


async def account(of: Firsts) -> Account:
    opened = await mannequin(LIMITS, asyncio.get_running_loop().time)
    opened.firsts, opened.first_left = of, of.left()
    return opened


@pytest.mark.exhaustive
async def test_a_first_session_stays_at_half_of_every_cap_and_counts_at_its_end(
    tmp_path: Path,
) -> None:
    ann = firsts(tmp_path)
    async with stage(tmp_path, profile=STRONG, account=await account(ann)) as show:
        highest = [0] * len(LIBRARY[CAPE].steps)
        for _ in range(29):
            await asyncio.sleep(10.0)
            highest = [max(both) for both in zip(highest, show.here.levels(CAPE), strict=True)]
            show.post(CommandKind.STRONGER)
        summary = await show.ended()
    assert (summary.reason, ann.left()) == (EndReason.COMPLETED, SESSIONS - 1)
    assert show.said("first_session")[0].startswith("every cap is halved; such sessions left")
    at_most = Governor(LIMITS, [mount(CAPE, LIBRARY[CAPE])]).ceiling_steps(CAPE)
    part = [high / most for high, most in zip(highest, at_most, strict=True)]
    assert max(part) == PART
    assert {row.rule for row in summary.held_back} >= {"conditions"}


async def test_a_session_that_is_stopped_does_not_count(tmp_path: Path) -> None:
    ann = firsts(tmp_path)
    async with stage(tmp_path, profile=STRONG, account=await account(ann)) as show:
        await show.after(5.0, CommandKind.STOP)
        assert (await show.ended()).reason is EndReason.STOPPED
    assert ann.left() == SESSIONS


async def test_after_the_first_ones_nothing_is_said_and_nothing_less(tmp_path: Path) -> None:
    ann = firsts(tmp_path)
    for _ in range(SESSIONS):
        ann.completed(LEAST_S, MOVED_S)
    async with stage(tmp_path, profile=STRONG, account=await account(ann)) as show:
        assert show.said("first_session") == []
        assert show.session.governor.restrictions == UNRESTRICTED


def test_three_count_that_are_long_enough(tmp_path: Path) -> None:
    ann, seen = firsts(tmp_path), list[int]()
    for played_s in (LEAST_S - 1.0, LEAST_S, 900.0, 1.0, LEAST_S, LEAST_S):
        ann.completed(played_s, MOVED_S)
        seen.append(ann.left())
    assert seen == [3, 2, 1, 1, 0, 0]
    assert firsts(tmp_path, "ANN").left() == 0
    assert firsts(tmp_path, "Ben").left() == SESSIONS


def test_one_counts_in_which_something_moved_for_long_enough(tmp_path: Path) -> None:
    ann, seen = firsts(tmp_path), list[int]()
    for moved_s in (0.0, MOVED_S - 1.0, MOVED_S):
        ann.completed(900.0, moved_s)
        seen.append(ann.left())
    assert seen == [3, 3, 2]


async def test_a_session_in_which_nothing_moves_does_not_count(tmp_path: Path) -> None:
    ann = firsts(tmp_path)
    async with stage(tmp_path, profile=STRONG, ceiling=0.0, account=await account(ann)) as show:
        assert (await show.ended()).reason is EndReason.COMPLETED
    assert ann.left() == SESSIONS


@pytest.mark.parametrize(
    ("here", "proved", "left"),
    [
        (False, (False,), SESSIONS - 1),
        (False, (True,), SESSIONS),
        (False, (False, True), SESSIONS),
        (True, (), SESSIONS),
    ],
)
async def test_a_session_counts_on_real_massagers_alone(
    here: bool, proved: tuple[bool, ...], left: int, tmp_path: Path
) -> None:
    ann = firsts(tmp_path)
    opened, proof = await account(ann), Proof("Ann", simulated=here)
    proof.known_to(opened)
    for simulated in proved:
        proof.take("seat", simulated)
    await opened.completed(LEAST_S, MOVED_S)
    assert ann.left() == left


@pytest.mark.parametrize(
    "said", [b"", b"many", b"-5", b"1.5", b"\xff\xfe", b"2\n3", b"3" * 5000, b"3" + b" " * 5000]
)
def test_a_number_that_makes_no_sense_counts_as_none(said: bytes, tmp_path: Path) -> None:
    ann = firsts(tmp_path)
    ann.completed(LEAST_S, MOVED_S)
    (file,) = (tmp_path / "first-sessions").iterdir()
    assert "Ann" not in file.name
    file.write_bytes(said)
    assert ann.left() == SESSIONS


def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    ann = firsts(tmp_path)
    ann.completed(LEAST_S, MOVED_S)
    (file,) = (tmp_path / "first-sessions").iterdir()
    file.unlink()
    os.mkfifo(file)
    assert ann.left() == SESSIONS


async def test_a_folder_in_its_place_counts_as_none_and_is_told_in_a_line(tmp_path: Path) -> None:
    ann = firsts(tmp_path)
    ann.completed(LEAST_S, MOVED_S)
    (file,) = (tmp_path / "first-sessions").iterdir()
    file.unlink()
    file.mkdir()
    assert ann.left() == SESSIONS
    with pytest.raises(SafetyRefusal) as refused:
        await (await account(ann)).completed(LEAST_S, MOVED_S)
    assert str(refused.value) == f"{file}: first sessions cannot be counted: Is a directory"
    with pytest.raises(HubError, match=r"first sessions cannot be erased: [^\n]+$"):
        ann.forget()
    assert [*file.parent.iterdir()] == [file]


def test_who_is_forgotten_begins_anew(tmp_path: Path) -> None:
    ann = firsts(tmp_path)
    ann.forget()
    for _ in range(SESSIONS):
        ann.completed(LEAST_S, MOVED_S)
    ann.forget()
    assert ann.left() == SESSIONS
    assert list((tmp_path / "first-sessions").iterdir()) == []


def test_half_is_not_halved_again_by_answers_that_halve() -> None:
    cape = mount(CAPE, LIBRARY[CAPE])
    halved = replace(UNRESTRICTED, class_factor=0.5)
    assert softened(halved, LIMITS, [cape]).class_factor == 0.5
    quarter = replace(UNRESTRICTED, class_factor=0.25)
    assert softened(quarter, LIMITS, [cape]).class_factor == 0.25


@pytest.mark.parametrize("model", [name for name, each in LIBRARY.items() if each.refused is None])
def test_every_massager_moves_in_a_first_session_and_none_more_than_ever(model: str) -> None:
    massager = LIBRARY[model]
    if massager.needs_zone:
        massager = massager.held_at("trapezius_upper")
    here = mount(model, massager)
    most = Governor(LIMITS, [here]).ceiling_steps(model)
    less = Governor(LIMITS, [here], restrictions=softened(UNRESTRICTED, LIMITS, [here]))
    soft = less.ceiling_steps(model)
    assert any(soft)
    assert all(a <= b for a, b in zip(soft, most, strict=True))
    if model != "mymuse-link-plus":  # three steps: the weakest is more than half of what it may be
        assert less.restrictions.class_factor == PART
