"""A guide on virtual time: every cue when it is due, and what keys do."""

import asyncio
from collections.abc import Callable

import pytest

from devicehub.cli.guiding.session import GuideSession, Now
from devicehub.messages import Command, CommandKind, EndReason, Event, SessionState, Summary
from firmware_sim.clock import VirtualLoop
from profiles import catalogue, loader
from profiles.guiding import LEAD_S, Guide, Instruction, Kind, guide

GUIDE = guide(loader.load(catalogue.path("taster")))
Told = list[tuple[float, Instruction]]


class Listener:
    def __init__(self) -> None:
        self.told: Told = []
        self.events: list[Event] = []
        self.session: GuideSession | None = None

    def hear(self, instruction: Instruction, at_s: float) -> None:
        self.told.append((at_s, instruction))


def play(
    acts: dict[float, CommandKind | Callable[[GuideSession], None]], told: Guide = GUIDE
) -> tuple[Summary, Listener, float]:
    """Play on virtual time; `acts` are done at their seconds. Returns its length in seconds too."""
    listener = Listener()

    async def run() -> tuple[Summary, float]:
        loop = asyncio.get_running_loop()
        session = GuideSession(told, listener.hear, listener.events.append)
        for at_s, act in acts.items():
            if isinstance(act, CommandKind):
                loop.call_at(at_s, session.post, Command(act, "key"))
            else:
                loop.call_at(at_s, act, session)
        return await session.run(), loop.time()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        summary, took_s = runner.run(run())
    return summary, listener, took_s


def test_every_instruction_is_told_when_it_is_due() -> None:
    summary, listener, took_s = play({})
    assert [each for _, each in listener.told] == list(GUIDE.instructions)
    for at_s, each in listener.told:
        assert at_s == pytest.approx(each.t_s, abs=1e-4)
    assert (summary.reason, summary.played_s) == (EndReason.COMPLETED, GUIDE.duration_s)
    assert took_s == pytest.approx(GUIDE.duration_s)


def test_phases_are_events() -> None:
    _, listener, _ = play({})
    phases = [(each.t_s, each.detail) for each in listener.events if each.name == "phase"]
    assert phases == [
        (LEAD_S, "1 of 3: stroking"),
        (LEAD_S + 40.0, "2 of 3: kneading"),
        (LEAD_S + 70.0, "3 of 3: vibration"),
    ]


def test_a_pause_moves_everything_after_it() -> None:
    summary, listener, took_s = play({20.0: CommandKind.PAUSE, 50.0: CommandKind.RESUME})
    assert took_s == pytest.approx(GUIDE.duration_s + 30.0)
    assert summary.played_s == GUIDE.duration_s
    for at_s, each in listener.told:
        assert at_s == pytest.approx(each.t_s, abs=1e-4)


def test_next_while_the_place_is_found_goes_on_to_the_counts() -> None:
    _, listener, took_s = play({2.0: CommandKind.MOVED})
    assert [each.kind for _, each in listener.told[:4]] == [Kind.PLACE, *[Kind.COUNT] * 3]
    assert took_s == pytest.approx(GUIDE.duration_s - (LEAD_S - 3.0 - 2.0))


def test_next_goes_on_to_the_next_step() -> None:
    _, listener, _ = play({LEAD_S + 1.0: CommandKind.MOVED})
    circles = [each.phrase.number for _, each in listener.told if each.phrase.key == "circle"]
    assert circles == [2]
    steps = [at_s for at_s, each in listener.told if each.phrase.key == "circle"]
    assert steps == [pytest.approx(LEAD_S + 17.2)]


def test_next_at_the_end_ends() -> None:
    impatient = {LEAD_S + 0.01 * n: CommandKind.MOVED for n in range(1, 100)}
    summary, listener, took_s = play(dict(impatient))
    assert summary.reason is EndReason.COMPLETED
    assert listener.told[-1][1].kind is Kind.END
    assert took_s < LEAD_S + 2.0


@pytest.mark.parametrize(
    ("kind", "reason", "detail"),
    [
        (CommandKind.STOP, EndReason.STOPPED, "key"),
        (CommandKind.HURTS, EndReason.DISCOMFORT, "it hurt"),
    ],
)
def test_stop_ends_at_once(kind: CommandKind, reason: EndReason, detail: str) -> None:
    summary, _, took_s = play({12.0: kind})
    assert (summary.reason, summary.detail) == (reason, detail)
    assert took_s == pytest.approx(12.0)
    assert summary.played_s == pytest.approx(12.0)


def test_stop_ends_a_pause_too() -> None:
    summary, _, took_s = play({12.0: CommandKind.PAUSE, 40.0: CommandKind.STOP})
    assert summary.reason is EndReason.STOPPED
    assert (took_s, summary.played_s) == (pytest.approx(40.0), pytest.approx(12.0))


def test_discomfort_asks_for_less_force_and_ends_the_second_time() -> None:
    summary, listener, took_s = play({15.0: CommandKind.DISCOMFORT, 30.0: CommandKind.DISCOMFORT})
    lighter = [at_s for at_s, each in listener.told if each.phrase.key == "lighter"]
    assert lighter == [pytest.approx(15.0)]
    assert summary.reason is EndReason.DISCOMFORT
    assert took_s == pytest.approx(30.0)


def test_lighter_may_be_asked_for_as_often_as_one_likes() -> None:
    summary, listener, _ = play({15.0 + n: CommandKind.SOFTER for n in range(3)})
    assert [each.name for each in listener.events].count("softer") == 3
    assert summary.reason is EndReason.COMPLETED


def test_presence_is_answered() -> None:
    _, listener, _ = play({15.0: CommandKind.PRESENT})
    assert "present" in [each.name for each in listener.events]


def test_what_is_seen_is_what_was_told() -> None:
    seen: list[Now] = []

    def look(session: GuideSession) -> None:
        seen.append(session.now())

    play({8.5: look, 35.0: look})
    counting, stroking = seen
    assert (counting.counted, counting.doing) == (2, None)
    assert stroking.state is SessionState.PLAYING
    assert stroking.doing is not None
    assert stroking.doing.kind is Kind.MOVE
    assert stroking.cue is not None
    assert stroking.ahead is not None
    assert stroking.ahead.phrase.key == "next"
