"""The doorman, without a broker: what is asked of the hub, in which order, and never twice."""

import asyncio

import pytest

from devicehub.outside import Answer, Pause, Start, Wish
from devicehub.publish.doorman import MOST_AT_ONCE, Clocks, Doorman
from devicehub.publish.freshness import FIRST_POSSIBLE_S
from devicehub.publish.line import Heard
from tests.unit.publish.test_solo import solo

NOW_S = FIRST_POSSIBLE_S + 100.0  # 2026-01-01T00:01:40Z
TS = "2026-01-01T00:01:40Z"


def start(id_: str) -> bytes:
    return (
        f'{{"id":"{id_}","ts":"{TS}","ttl_s":5,"device":"cape-1","profile":"taster",'
        f'"person":"person-1"}}'
    ).encode()


class Slow:
    """A hub that takes its time over starts."""

    def __init__(self) -> None:
        self.wishes: list[Wish] = []
        self.sources: set[str] = set()
        self.go = asyncio.Event()

    async def ask(self, wish: Wish, source: str) -> Answer:
        self.wishes.append(wish)
        self.sources.add(source)
        if isinstance(wish, Start):
            await self.go.wait()
        return Answer(ok=True, code="ok")


def doorman(slow: Slow, answers: list[tuple[str | None, str]]) -> Doorman:
    port, _ = solo()
    port.ask = slow.ask
    return Doorman(
        port,
        Clocks(lambda: NOW_S, lambda: 50.0),
        lambda _heard, id_, answer: answers.append((id_, answer.code)),
        {},
        remote_start=True,
    )


async def test_a_pause_does_not_wait_for_starts_that_are_slow() -> None:
    slow, answers = Slow(), list[tuple[str | None, str]]()
    door = doorman(slow, answers)
    for n in range(MOST_AT_ONCE + 1):
        door.hear("start", Heard("t", start(str(n)), retained=False))
    door.hear("pause", Heard("t", b'{"id":"p"}', retained=False))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert answers == [(str(MOST_AT_ONCE), "busy"), ("p", "ok")]
    assert (slow.wishes[-1], slow.sources) == (Pause(None), {"mqtt"})
    slow.go.set()
    await asyncio.sleep(0.1)
    assert sorted(code for _, code in answers) == ["busy", *["ok"] * (MOST_AT_ONCE + 1)]


async def test_what_is_asked_when_everything_ends_is_given_up() -> None:
    slow, answers = Slow(), list[tuple[str | None, str]]()
    door = doorman(slow, answers)
    door.hear("start", Heard("t", start("a"), retained=False))
    await asyncio.sleep(0)
    await door.leave()
    assert answers == []


async def test_a_hub_that_stumbles_is_an_answer_too() -> None:
    answers: list[tuple[str | None, str]] = []
    port, _ = solo()

    async def stumble(wish: Wish, source: str) -> Answer:
        raise ZeroDivisionError

    port.ask = stumble
    door = Doorman(
        port,
        Clocks(lambda: NOW_S, lambda: 50.0),
        lambda _heard, id_, answer: answers.append((id_, answer.code)),
        {},
        remote_start=False,
    )
    door.hear("pause", Heard("t", b"", retained=False))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert answers == [(None, "failed")]


@pytest.mark.parametrize("made", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_time_at_the_edge_of_the_calendar_is_refused(made: str) -> None:
    answers: list[tuple[str | None, str]] = []
    door = doorman(Slow(), answers)
    door.hear("present", Heard("t", start("p1").replace(TS.encode(), made.encode()), False))
    only_fresh = f'{{"id":"p2","ts":"{made}","ttl_s":5}}'.encode()
    for command in ("present", "pause"):
        door.hear(command, Heard("t", only_fresh, retained=False))
    assert answers == [("p1", "invalid"), ("p2", "invalid"), ("p2", "invalid")]


async def test_whatever_goes_wrong_with_a_command_is_an_answer() -> None:
    """What is raised in the callback of a message makes its broker send it again, for ever."""
    answers: list[tuple[str | None, str]] = []
    port, _ = solo()

    def no_clock() -> float:
        raise OSError

    door = Doorman(
        port,
        Clocks(lambda: NOW_S, no_clock),
        lambda _heard, id_, answer: answers.append((id_, answer.code)),
        {},
        remote_start=True,
    )
    door.hear("start", Heard("t", start("s1"), retained=False))
    assert answers == [("s1", "failed")]
