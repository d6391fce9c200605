"""Assembling: connected massagers, a plan and a person become a session, or a refusal."""

from collections.abc import Callable, Mapping, Sequence

from devicehub.errors import SafetyRefusal
from devicehub.massagers.model import Massager
from devicehub.messages import Event
from devicehub.radio.port import Port
from devicehub.safety.governor import Governor
from devicehub.safety.limits import Limits
from devicehub.safety.mount import Mount
from devicehub.session.account import Account
from devicehub.session.deck import Deck
from devicehub.session.firsts import first_session, softened
from devicehub.session.latch import Latch
from devicehub.session.notes import Notes
from devicehub.session.plan import Plan
from devicehub.session.reserving import Reserving
from devicehub.session.returning import Returning
from devicehub.session.session import Session
from devicehub.session.stillness import too_coarse
from profiles import body

_MINUTE_S = 60.0
Tell = Callable[[Event], None]


async def assemble(  # noqa: PLR0913, PLR0917 - what a session is made of
    plan: Plan,
    ports: Mapping[str, Port],
    account: Account,
    returning: Returning,
    notes: Notes,
    latch: Latch,
    tell: Tell,
) -> Session:
    """Return the session of `plan` on the massagers in `ports`, with its ceilings agreed.

    Raises:
        SafetyRefusal: The person may not have this session, or a massager not be where it would be.
        UsageError: See `Plan.place`.
    """
    placed = plan.place_all({name: port.massager for name, port in ports.items()}, account.limits)
    decks = [_deck(name, placed[name], port, plan, account.limits) for name, port in ports.items()]
    duration_s = max(deck.score.duration_s for deck in decks)
    mounts = [stance.mount for deck in decks for stance in deck.stances.all]
    governor = govern(plan, account, mounts, duration_s)
    if account.first_left:
        tell(Event(0.0, "first_session", None, first_session(account.first_left)))
    for deck in decks:
        await deck.agree(governor, person=account.vouched)
        still = too_coarse(deck.massager, account.limits)
        composed = () if deck.stances.moves else deck.score.warnings
        for warning in (*composed, *_too_long(deck, account.limits), *still):
            tell(Event(0.0, "warning", deck.name, warning))
    return Session(decks, governor, Reserving(account, governor), returning, notes, latch, tell)


def _deck(name: str, massager: Massager, port: Port, plan: Plan, limits: Limits) -> Deck:
    stances, score = plan.stances(name, port.massager, limits), plan.score(massager, limits)
    return Deck(name, massager, score, port, heat=plan.heat, stances=stances)


def govern(plan: Plan, account: Account, mounts: Sequence[Mount], duration_s: float) -> Governor:
    """Return what judges a session of `duration_s` seconds on these massagers.

    Raises:
        SafetyRefusal: The person may not have this session.
    """
    refuse(plan, account, frozenset(each.stimulus_class for each in mounts), duration_s)
    restrictions = account.restrictions
    if account.first_left:
        restrictions = softened(restrictions, account.limits, mounts)
    return Governor(
        account.limits,
        mounts,
        ceiling=min(plan.ceiling, account.ceiling),
        duration_s=duration_s,
        past=account.past,
        restrictions=restrictions,
    )


def refuse_early(plan: Plan, account: Account) -> None:
    """Refuse what can be known to be wrong before a massager is looked for.

    Raises:
        SafetyRefusal: The person may not have this session, whatever plays it, or a zone is
            forbidden.
        UsageError: A zone does not exist.
    """
    plan.check_zones(account.limits)
    refuse(plan, account, frozenset(), (plan.minutes or 0.0) * _MINUTE_S)


def refuse(plan: Plan, account: Account, classes: frozenset[str], duration_s: float) -> None:
    """Refuse what this person may not have.

    Raises:
        SafetyRefusal: With every reason.
    """
    reasons = list(account.refusals(classes))
    if plan.heat and not account.restrictions.heat:
        reasons.append(f"{account.person}: the answers rule heat out; leave --heat out")
    longest_s = account.restrictions.max_total_s
    if longest_s is not None and duration_s > longest_s:
        reasons.append(
            f"{account.person}: {duration_s / 60:.0f} min is too long; at most "
            f"{longest_s / 60:.0f} min: --minutes {longest_s / 60:.0f}"
        )
    if reasons:
        raise SafetyRefusal("\n".join(reasons))


def _too_long(deck: Deck, limits: Limits) -> Sequence[str]:
    """Say so when a massager that is held in one place will have moved it long enough before."""
    if not deck.massager.held or deck.stances.moves:
        return ()
    zone = deck.mount.actuators[0].zones[0]
    enough_s = limits.caps(zone, deck.massager.stimulus_class).max_session_s
    if deck.score.duration_s <= enough_s:
        return ()
    where = body.zone(zone).title
    return (f"{where}: {enough_s / 60:.0f} min of it are enough in a session; then it rests",)
