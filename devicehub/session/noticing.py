"""Noticing: what is looked at on every beat, playing or not, and may pause or end a session."""

from devicehub.massagers.losing import when_lost
from devicehub.messages import EndReason, SessionState
from devicehub.session.deck import Deck
from devicehub.session.patience import NOBODY_WENT_ON
from devicehub.session.session import Session


def notice_trouble(session: Session, now_s: float) -> None:
    """Pause when a massager is gone; end when one refuses frames or does as it likes.

    And when nobody goes on after a pause, and when the ledger fails: what cannot be written down is
    not played.
    """
    if session.reserving.trouble is not None:
        session.stop(EndReason.SAFETY, session.reserving.trouble)
    if session.patience.look(now_s, paused=session.state is SessionState.PAUSED):
        session.stop(EndReason.STOPPED, NOBODY_WENT_ON)
    for deck in session.decks:
        _notice_massager(session, deck, now_s)


def _notice_massager(session: Session, deck: Deck, now_s: float) -> None:
    if deck.name in session.returning.away:
        _notice_return(session, deck, now_s)
    elif deck.lost:
        _lose(session, deck, now_s)
    elif deck.trouble is not None:
        _notice_failure(session, deck, deck.trouble)
    elif session.state is SessionState.PAUSED and not deck.stopping and deck.may_be_running:
        session.stop(EndReason.FAILED, f"{deck.name}: did not confirm the stop of the pause")
    elif (strange := deck.strange(now_s)) is not None:
        session.stop(EndReason.SAFETY, strange)
    else:
        _notice_battery(session, deck, now_s)


def _notice_battery(session: Session, deck: Deck, now_s: float) -> None:
    playing = session.state is SessionState.PLAYING
    why = session.draining.look(deck.name, deck.battery, now_s, playing=playing)
    if why is not None:
        session.stop(EndReason.SAFETY, why)


def _lose(session: Session, deck: Deck, now_s: float) -> None:
    """Stop all massagers, and look for the one whose link is gone."""
    session.event("lost", deck.name, when_lost(deck.massager))
    if session.state is SessionState.PLAYING:
        session.pause(f"{deck.name} was lost")
    session.returning.begin(deck, now_s)


def _notice_return(session: Session, deck: Deck, now_s: float) -> None:
    """Wait for one that is away, with what it may still do written down; not for ever."""
    session.returning.look(deck.name, now_s)
    session.reserving.keep_ahead(now_s)
    if (why := session.returning.given_up(deck.name)) is not None:
        session.stop(EndReason.LOST, why)


def _notice_failure(session: Session, deck: Deck, trouble: str) -> None:
    """Stop all massagers; end when that stop is through, unless it shows that one was lost."""
    if session.state is SessionState.PLAYING:
        session.pause(trouble)
    elif not deck.stopping:
        session.stop(EndReason.FAILED, trouble)


def notice_passage(session: Session, position_s: float) -> None:
    """Say so when the next phase begins."""
    passages = session.decks[0].score.passages
    index = session.passage
    while index + 1 < len(passages) and passages[index + 1].start_s <= position_s:
        index += 1
    if index != session.passage:
        session.passage = index
        of = f"{index + 1} of {len(passages)}"
        session.event("phase", detail=f"{of}: {passages[index].technique}")
