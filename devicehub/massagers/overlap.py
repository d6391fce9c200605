"""Overlap: whether one advertisement could be two massagers at once; then a file is refused.

Two identities overlap when their names do, their services do and their manufacturers do. Each is
decided exactly over the patterns, but for one thing: an advertisement with a service of each of two
families, or data of two companies, is taken for what no product sends; if one does, it is neither.
"""

from collections.abc import Iterable
from functools import cache
from itertools import product

from devicehub.massagers.identity import Identity, Manufacturer, name_matches

_ANY = "*"
_WILD = "?"


def overlap(one: Identity, other: Identity) -> bool:
    """Say whether some advertisement shows everything that both identities state."""
    return (
        _names_overlap(one, other)
        and _any_or_shared(one.services, other.services)
        and _same_maker(one.manufacturer, other.manufacturer)
    )


def uuids_overlap(one: str, other: str) -> bool:
    """Say whether some UUID fits two patterns, both in long form and lower case."""
    return all(
        a == b or (_WILD in (a, b) and "-" not in (a, b)) for a, b in zip(one, other, strict=True)
    )


def _names_overlap(one: Identity, other: Identity) -> bool:
    return any(
        _meet(a, b)
        for a, b in product(one.names, other.names)
        if not _covered(a, other.exclude) and not _covered(b, one.exclude)
    )


def _covered(name: str, exclude: Iterable[str]) -> bool:
    """Say whether every name of a pattern is excluded: its stars can only be met by stars."""
    return any(name_matches(pattern, name) for pattern in exclude)


@cache
def _meet(one: str, other: str) -> bool:
    """Say whether some name fits both patterns, in which only the star is special."""
    if not one or not other:
        return not (one + other).strip(_ANY)
    if one[0] == _ANY:
        return _meet(one[1:], other) or _meet(one, other[1:])
    if other[0] == _ANY:
        return _meet(one, other[1:]) or _meet(one[1:], other)
    return one[0] == other[0] and _meet(one[1:], other[1:])


def _any_or_shared(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if not one or not other:
        return True
    return any(uuids_overlap(a, b) for a, b in product(one, other))


def _same_maker(one: Manufacturer | None, other: Manufacturer | None) -> bool:
    if one is None or other is None:
        return True
    return one.company == other.company and any(
        a.startswith(b) or b.startswith(a) for a, b in product(one.prefixes, other.prefixes)
    )
