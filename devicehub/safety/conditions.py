"""Conditions: what a person is asked about, and what each answer takes away.

They stand in the table of limits, beside the zones. Three kinds: a "yes" refuses the session, a
"yes" restricts it, or the answer names zones, in which nothing moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType

from devicehub.safety.restrictions import UNRESTRICTED, Restrictions
from devicehub.safety.strict import LimitsError, Table
from profiles.text import Text

REFUSE = "refuse"
RESTRICT = "restrict"
MASK_ZONE = "mask_zone"

_ALWAYS = ("id", "action", "question", "question_ru", "source")
_EFFECTS = ("zone_factor", "class_factor", "forbid", "forbid_class", "heat", "max_total_s")


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is asked.

    Attributes:
        id: Its name in answers and reasons.
        action: "refuse", "restrict" or "mask_zone".
        question: What the person reads; "no" always means that nothing stands against a session.
        refusal: Why there is no session, where the action is "refuse"; else empty.
        takes: What a "yes" takes away, where the action is "restrict"; else nothing.
    """

    id: str
    action: str
    question: Text
    refusal: Text
    takes: Restrictions

    def masking(self, zones: frozenset[str]) -> Restrictions:
        """Return what an answer that names `zones` takes away."""
        reasons = dict.fromkeys(sorted(zones), (self.id,))
        return Restrictions(forbidden=zones, reasons=MappingProxyType(reasons))


def conditions(
    tables: Sequence[Table], zones: Sequence[str], classes: Sequence[str]
) -> Mapping[str, Condition]:
    """Return the section `conditions` by id; patterns such as ``spine_*`` become zone ids.

    Raises:
        LimitsError: A value is missing or makes no sense, a condition appears twice or takes
            nothing away, or a pattern matches no zone.
    """
    read = [_condition(table, zones, classes) for table in tables]
    by_id = MappingProxyType({condition.id: condition for condition in read})
    for table, condition in zip(tables, read, strict=True):
        if by_id[condition.id] is not condition:
            table.refuse("id", "a condition that does not appear twice")
    return by_id


def _condition(table: Table, zones: Sequence[str], classes: Sequence[str]) -> Condition:
    name = table.text("id")
    action = table.text("action", one_of=(REFUSE, RESTRICT, MASK_ZONE))
    refuses, restricts = action == REFUSE, action == RESTRICT
    refusal = ("refusal", "refusal_ru") if refuses else ()
    table.only(*_ALWAYS, *refusal, *(_EFFECTS if restricts else ()))
    table.text("source")
    return Condition(
        id=name,
        action=action,
        question=_text(table, "question"),
        refusal=_text(table, "refusal") if refuses else Text(""),
        takes=_restrictions(name, table, zones, classes) if restricts else UNRESTRICTED,
    )


def _text(table: Table, key: str) -> Text:
    """Return a text in both languages: nobody answers what they cannot read."""
    return Text(table.text(key), table.text(f"{key}_ru"))


def _restrictions(
    name: str, table: Table, zones: Sequence[str], classes: Sequence[str]
) -> Restrictions:
    """Return what a condition takes away; an effect that is not written takes nothing."""
    written = [key for key in _EFFECTS if key in table.names]
    if not written:
        raise LimitsError(f"{table.where}: {name} takes nothing away: name one of its effects")
    factors = _factors(table.table("zone_factor"), zones) if "zone_factor" in written else {}
    forbidden = _zones(table, "forbid", zones) if "forbid" in written else frozenset[str]()
    if "heat" in written:
        table.text("heat", one_of=("forbid",))
    everywhere = {"class_factor", "forbid_class", "heat", "max_total_s"}.intersection(written)
    reasons = [*factors, *forbidden, *([""] if everywhere else [])]
    return Restrictions(
        zone_factor=MappingProxyType(factors),
        class_factor=table.positive("class_factor", most=1.0) if "class_factor" in written else 1.0,
        forbidden=forbidden,
        forbidden_classes=_classes(table, classes) if "forbid_class" in written else frozenset(),
        max_total_s=table.positive("max_total_s") if "max_total_s" in written else None,
        heat="heat" not in written,
        reasons=MappingProxyType(dict.fromkeys(sorted(set(reasons)), (name,))),
    )


def _factors(table: Table, zones: Sequence[str]) -> dict[str, float]:
    """Return the factor of each zone; the smallest of all patterns that match it."""
    factors: dict[str, float] = {}
    for pattern in table.names:
        factor = table.positive(pattern, most=1.0)
        for zone in _matching(pattern, zones):
            factors[zone] = min(factor, factors.get(zone, factor))
        if not _matching(pattern, zones):
            table.refuse(pattern, "under the name of a zone, or a pattern that matches one")
    return factors


def _zones(table: Table, key: str, zones: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    for pattern in table.texts(key):
        matching = _matching(pattern, zones)
        if not matching:
            table.refuse(key, f"a list of zones, {pattern!r} matches none")
        found.update(matching)
    return frozenset(found)


def _classes(table: Table, classes: Sequence[str]) -> frozenset[str]:
    named = frozenset(table.texts("forbid_class"))
    if not named <= frozenset(classes):
        table.refuse("forbid_class", f"a list out of {', '.join(classes)}")
    return named


def _matching(pattern: str, zones: Sequence[str]) -> list[str]:
    return [zone for zone in zones if fnmatchcase(zone, pattern)]
