"""Telling: which sessions take what this user's shell tells them, and why none of them does."""

from collections.abc import Collection, Sequence

from devicehub.messages import Command, CommandKind, SessionState, Snapshot
from devicehub.outside import Answer
from devicehub.service.answers import no
from devicehub.service.requests import CeilingRequest, TellRequest
from devicehub.service.running import Running
from devicehub.session.moving import asked_of

_KINDS = {
    "pause": CommandKind.PAUSE,
    "resume": CommandKind.RESUME,
    "present": CommandKind.PRESENT,
    "moved": CommandKind.MOVED,
}


def tell(meant: Sequence[Running], wish: TellRequest | CeilingRequest, source: str) -> Answer:
    """Tell those that take it; where none does, return what the first of them says."""
    nows = [(one, now) for one in meant if (now := one.snapshot) is not None]
    if not nows:
        return no(
            "not_playing",
            "nothing plays" if wish.device is None else f"{wish.device} does not play",
        )
    refusals = [_refusal(one, now, wish) for one, now in nows]
    for (one, _), refusal in zip(nows, refusals, strict=True):
        if refusal is None:
            one.post(_command(wish, source))
    if None in refusals:
        return Answer(ok=True, code="ok")
    return next(refusal for refusal in refusals if refusal is not None)


def _command(wish: TellRequest | CeilingRequest, source: str) -> Command:
    if isinstance(wish, CeilingRequest):
        return Command(CommandKind.CEILING, source, wish.level)
    return Command(_KINDS[wish.op], source)


def _refusal(one: Running, now: Snapshot, wish: TellRequest | CeilingRequest) -> Answer | None:
    """Return why a session would not take it. What it says of itself later are events."""
    if isinstance(wish, CeilingRequest):
        if wish.level > now.ceiling:
            said = f"the ceiling is {now.ceiling:.0%} already; from here it can only be lowered"
            return no("not_lower", said)
        return None
    if wish.op == "pause" and now.state not in (SessionState.PLAYING, SessionState.PAUSED):
        return no("refused", f"it is {now.state.value}; there is nothing to pause")
    if wish.op == "resume":
        return not_to_resume(now, one.looked_for)
    return not_moved(now, one.looked_for) if wish.op == "moved" else None


def not_to_resume(now: Snapshot, away: Collection[str]) -> Answer | None:
    """Return why a session would not go on when it is asked to, and what it waits for.

    Args:
        now: The session.
        away: Those of its massagers that were lost and are looked for.
    """
    if now.state is not SessionState.PAUSED:
        return no("not_paused", f"it is {now.state.value}, not paused")
    if now.places:
        where = asked_of({asked.device: asked.zones for asked in now.places})
        return no("refused", f"first {where}: devicehub tell moved")
    return _not_back(away)


def not_moved(now: Snapshot, away: Collection[str]) -> Answer | None:
    """Return why a session would not take it that its massagers are where they have to be."""
    if not now.places:
        return no("refused", f"it is {now.state.value}; nothing has to be moved")
    return _not_back(away)


def _not_back(away: Collection[str]) -> Answer | None:
    return no("refused", f"not before {', '.join(away)} is back") if away else None
