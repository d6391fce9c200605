"""Moving: which handhelds have to be moved before a session can go on, and how it is asked for."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `devicehub stop` starts fast
    from devicehub.session.deck import Deck

Places = dict[str, tuple[str, ...]]


def places_due(decks: "Iterable[Deck]", position_s: float) -> Places:
    """Return where handhelds have to be moved for `position_s` of the score, by massager."""
    due = {deck.name: deck.stances.due(position_s) for deck in decks}
    return {name: zones for name, zones in due.items() if zones}


def asked_of(places: Mapping[str, tuple[str, ...]]) -> str:
    """Return what is asked of the person, in words."""
    from profiles import body  # noqa: PLC0415 - `devicehub stop` starts fast

    within = {name: ", ".join(body.zone(one).within for one in zs) for name, zs in places.items()}
    where = "; ".join(f"{name} to {said}" for name, said in within.items())
    return f"move {where}, then say so"
