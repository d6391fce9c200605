"""A person, a hub and a massager do whatever they like; the tape is judged by the table.

The oracle and the facts below know nothing of the code under test. Limits of time are scaled down
in a table of their own, so that a walk of seconds meets all of them. A session that has ended is
followed by the next one, so no walk ends in a state in which nothing can happen any more.

`make safety` walks many times as far: DEVICEHUB_WALKS says how often.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from devicehub.messages import CommandKind
from tests.integration.fault_scene import CAPE, VEST, WAND
from tests.stateful.judging import Asked, judged
from tests.stateful.stage import Stage

WALKS = int(os.environ.get("DEVICEHUB_WALKS", "6"))

A_HAIR_S = 0.001
LIMITS_S = (0.06, 0.5, 1.0, 2.0)  # a tick, a frame's life, a heartbeat's limit, a suspend
STALLS_S = [limit + hair for limit in LIMITS_S for hair in (-A_HAIR_S, A_HAIR_S)]
RADIO = {
    "refuse@0": 0.0,
    "refuse@0*3": 0.0,
    "hang@0+0.3": 0.3,
    "hang@0+1": 1.0,
    "drop@0+0.4": 0.4,
    "drop@0+0.6": 0.6,
    "drop@0+5": 5.0,
    "reboot@0": 1.0,
}
"""What strikes the massager, and for how many seconds nothing reaches it."""


class Session(RuleBasedStateMachine):
    """One massager, and one person who has one session after the other."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self.out_of_reach_until_s = 0.0

    @initialize(model=st.sampled_from([CAPE, VEST, WAND]))
    def a_session_begins(self, model: str) -> None:
        self.stage = Stage(model)

    @rule(seconds=st.sampled_from([0.05, 0.3, 1.0]))
    def a_moment_passes(self, seconds: float) -> None:
        self.stage.passes(seconds)

    @rule(seconds=st.sampled_from([2.0, 4.0, 9.0]))
    def a_while_passes(self, seconds: float) -> None:
        self.stage.posts(CommandKind.PRESENT)
        self.stage.passes(seconds)

    @precondition(lambda self: self.stage.lives)
    @rule()
    def the_person_pauses(self) -> None:
        self._say(CommandKind.PAUSE)

    @precondition(lambda self: self.stage.lives)
    @rule()
    def the_person_resumes(self) -> None:
        self._say(CommandKind.RESUME)

    @precondition(lambda self: self.stage.lives)
    @rule(seconds=st.sampled_from([0.05, 1.0]))
    def the_person_takes_a_break(self, seconds: float) -> None:
        self._say(CommandKind.PAUSE)
        self.stage.passes(seconds)
        self._say(CommandKind.RESUME)

    @precondition(lambda self: self.stage.lives)
    @rule(kind=st.sampled_from([CommandKind.SOFTER, CommandKind.DISCOMFORT]))
    def the_person_wants_less(self, kind: CommandKind) -> None:
        self._say(kind)

    @precondition(lambda self: self.stage.lives)
    @rule(words=st.sampled_from(list(RADIO)))
    def the_radio_fails(self, words: str) -> None:
        until_s = self.stage.now_s + RADIO[words]
        self.out_of_reach_until_s = max(self.out_of_reach_until_s, until_s)
        self.stage.strikes(words)
        self.stage.passes(0.05)

    @precondition(lambda self: self.stage.lives)
    @rule(seconds=st.sampled_from(STALLS_S))
    def the_loop_stands_still(self, seconds: float) -> None:
        self.stage.stands_still(seconds)
        self.stage.passes(0.05)

    @precondition(lambda self: self.stage.lives)
    @rule(how=st.sampled_from(["stop", "stop", "hurts", "cancel"]), times=st.integers(1, 3))
    def the_person_ends_it(self, how: str, times: int) -> None:
        for _ in range(times):
            if how == "cancel":
                self.stage.is_cancelled()
            else:
                self._say(CommandKind(how))

    @precondition(lambda self: not self.stage.lives)
    @rule()
    def another_session_begins(self) -> None:
        self.stage.begins()

    def _say(self, kind: CommandKind) -> None:
        reached = self.stage.now_s > self.out_of_reach_until_s
        lives = self.stage.lives and self.stage.hub.session is not None
        asked = Asked(
            self.stage.now_s, kind, reached=reached and lives, linked=self.stage.is_linked
        )
        self.asked.append(asked)
        self.stage.posts(kind)
        self.stage.passes(0.02)

    def teardown(self) -> None:
        if not hasattr(self, "stage"):
            return
        try:
            self.stage.close()
            lines = self.stage.lines()
            found = judged(self.stage, lines, self.asked)
            assert found == [], found
        finally:
            self.stage.forget()


def walk(times: int) -> None:
    """Walk so often, twenty steps each time."""
    slow: list[Any] = [HealthCheck.too_slow, HealthCheck.data_too_large]
    chosen = settings(max_examples=times, stateful_step_count=20, suppress_health_check=slow)
    Session.TestCase.settings = chosen
    Session.TestCase().runTest()


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
def test_whatever_is_done_the_tape_stays_inside_the_limits() -> None:
    walk(WALKS)
