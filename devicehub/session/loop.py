"""The core loop: one wheel for all massagers of a session, twenty beats a second.

A beat: take what was asked from outside, ask each score what it wants now, let the governor judge,
hand the frames to the outboxes, count. No massager is awaited here: each has its outbox, which
holds the newest frame and has at most one write in flight. Deadlines are absolute on the loop's
monotonic clock, so lateness never adds up; a beat that was missed is skipped, not caught up.

Stop does not come through here. It trips the latch and starts to write from where it was asked
(`Session.stop`); this loop only notices and leaves.
"""

import asyncio
from collections.abc import Callable

from devicehub.keeper.awake import SUSPEND_GAP_S
from devicehub.messages import EndReason, SessionState
from devicehub.safety.actions import Action
from devicehub.session.moving import asked_of
from devicehub.session.noticing import notice_passage, notice_trouble
from devicehub.session.session import Session

# zones.json, timing.tick_s: faster than motors and skin can tell, slow enough for any link.
BEAT_S = 0.05


async def play(session: Session, boot_clock: Callable[[], float] | None = None) -> None:
    """Play `session` until its score ends or its latch trips; stopping is the caller's.

    `boot_clock` counts seconds like the loop's clock, those of a suspended computer included; None
    where time is the loop's alone.
    """
    clock = asyncio.get_running_loop().time
    boot_clock = boot_clock or clock
    started_s = last_s = clock()
    last_boot_s = boot_clock()
    beat = 1
    session.start(started_s)
    while not session.latch.tripped:
        due = await session.latch.wait_until(started_s + beat * BEAT_S)
        now_s, boot_s = clock(), boot_clock()
        if due:  # a wish that woke the loop early takes no beat away
            beat = max(beat, int((now_s - started_s) / BEAT_S)) + 1
        away_s = max(now_s - last_s, abs(boot_s - last_boot_s))
        if away_s > SUSPEND_GAP_S:
            session.interrupted(away_s)
        session.take_commands(now_s)
        if session.latch.tripped:
            return
        notice_trouble(session, now_s)
        if session.state is SessionState.PLAYING and (places := session.places):
            session.pause(asked_of(places))
        if session.state is SessionState.PLAYING:
            _beat(session, now_s, now_s - last_s)
        last_s, last_boot_s = now_s, boot_s


def _beat(session: Session, now_s: float, dt_s: float) -> None:
    """Demand, judge, hand over, count: the one direction, once."""
    session.notice_person(now_s)
    position_s = session.player.advance(now_s)
    demands = [deck.demands(position_s) for deck in session.decks]
    levels = [demand.levels for asked in demands for demand in asked]
    frames = iter(session.governor.judge(levels, now_s))
    verdict = session.governor.verdict
    if verdict.action >= Action.DISCONNECT:
        session.stop(EndReason.SAFETY, f"the governor found a fault: {verdict.rule}")
        return
    for deck, asked in zip(session.decks, demands, strict=True):
        held = deck.stances.held
        for stance, demand, frame in zip(deck.stances.all, asked, frames, strict=False):
            if stance is held:
                held.tally.felt(deck.sent_steps, deck.massager.steps, dt_s)
                held.tally.held(demand.levels, frame, dt_s)
                deck.put(frame, demand)
    notice_passage(session, position_s)
    if session.player.finished:
        session.latch.trip(EndReason.COMPLETED)
    elif verdict.action >= Action.STOP:
        session.stop(EndReason.SAFETY, verdict.rule)
    elif verdict.action is Action.PAUSE:
        session.pause(verdict.text)
