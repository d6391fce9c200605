"""Report: a session as others see it, while it lasts and when it has ended."""

import asyncio
from collections.abc import Iterable

from devicehub.messages import (
    DeviceEnd,
    EndReason,
    HeldBack,
    PlaceAsked,
    Snapshot,
    Summary,
    ZoneFelt,
)
from devicehub.session.session import Session
from devicehub.session.tally import Tally


def snapshot(session: Session) -> Snapshot:
    """Return the whole session now."""
    score, player = session.decks[0].score, session.player
    now_s = asyncio.get_running_loop().time()
    passage = score.passages[max(session.passage, 0)]
    return Snapshot(
        state=session.state,
        title=score.title,
        elapsed_s=player.position_s,
        remaining_s=player.duration_s - player.position_s,
        passage=max(session.passage, 0),
        passages=len(score.passages),
        technique=passage.technique,
        zones=passage.zones,
        cue=passage.cue,
        ceiling=session.governor.ceiling,
        presence_left_s=session.presence.left_s,
        devices=tuple(
            deck.view(session.governor, session.returning.left_s(deck.name, now_s))
            for deck in session.decks
        ),
        places=tuple(PlaceAsked(name, zones) for name, zones in session.places.items()),
    )


def summary(session: Session, ends: tuple[DeviceEnd, ...], wait: tuple[str, ...]) -> Summary:
    """Return what is left of a session.

    Args:
        session: The session, which has ended.
        ends: How each massager was left.
        wait: Why another session has to wait.
    """
    now_s = asyncio.get_running_loop().time()
    reason = session.latch.reason or EndReason.COMPLETED
    if reason is EndReason.FAILED and any(deck.lost for deck in session.decks):
        reason = EndReason.LOST  # a write failed before the radio said that the link was gone
    return Summary(
        reason=reason,
        detail=session.latch.detail,
        title=session.decks[0].score.title,
        played_s=session.player.position_s,
        felt=merge_felt([tally.zones_felt() for tally in _tallies(session)]),
        held_back=merge_held([tally.held_back() for tally in _tallies(session)]),
        devices=ends,
        wait=wait,
        heat=tuple(
            end for deck in session.decks if (end := deck.heat_end(session.governor, now_s))
        ),
    )


def _tallies(session: Session) -> list[Tally]:
    return [stance.tally for deck in session.decks for stance in deck.stances.all]


def merge_felt(tallies: Iterable[Iterable[ZoneFelt]]) -> tuple[ZoneFelt, ...]:
    """Return one row a zone: the strongest peak, the longest time."""
    rows: dict[str, ZoneFelt] = {}
    for tally in tallies:
        for row in tally:
            old = rows.get(row.zone, row)
            rows[row.zone] = ZoneFelt(
                row.zone, max(old.peak, row.peak), max(old.seconds, row.seconds)
            )
    return tuple(sorted(rows.values(), key=lambda row: (-row.seconds, row.zone)))


def merge_held(tallies: Iterable[Iterable[HeldBack]]) -> tuple[HeldBack, ...]:
    """Return one row a rule and zone: the longest time."""
    rows: dict[tuple[str, str], HeldBack] = {}
    for tally in tallies:
        for row in tally:
            old = rows.get((row.rule, row.zone), row)
            rows[row.rule, row.zone] = HeldBack(row.rule, row.zone, max(old.seconds, row.seconds))
    return tuple(sorted(rows.values(), key=lambda row: (-row.seconds, row.rule, row.zone)))
