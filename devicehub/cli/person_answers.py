"""What a person's answers mean for their next session, in words and in JSON."""

from collections.abc import Iterator
from dataclasses import dataclass

from devicehub.cli import text
from devicehub.errors import SafetyRefusal
from devicehub.i18n.words import Words
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.moment import Moment
from devicehub.ledger.people import Person
from devicehub.safety import limits as safety_limits
from devicehub.safety.limits import Limits
from devicehub.safety.restrictions import UNRESTRICTED, Restrictions
from devicehub.safety.screening import COMMAND, judge

_MINUTE_S = 60.0
_HOUR_S = 3600.0
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Answered:
    """What a person's answers mean now.

    Attributes:
        ago_s: Seconds since they were given, at most; None if they never were.
        refused: Why they allow no session, one sentence each; empty if they allow one.
        restrictions: What they take away from a session that they allow.
    """

    ago_s: float | None
    refused: tuple[str, ...] = ()
    restrictions: Restrictions = UNRESTRICTED

    def row(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "answered_ago_s": self.ago_s,
            "session_refused": list(self.refused),
            "restrictions": None if self.refused else _row(self.restrictions),
        }


def limits_of(person: Person) -> Limits:
    """Return this user's limits, tightened by the person's own table.

    Raises:
        LimitsError: One of the two is wrong.
    """
    limits = safety_limits.load_user()
    if person.table is None:
        return limits
    return limits.tightened(person.table, f"limits of {person.name}")


def answered(ledger: Ledger, person: Person, limits: Limits, now: Moment) -> Answered:
    """Return what the answers of `person` mean at `now`."""
    found = ledger.answers(person.name)
    if found is None:
        return Answered(None, (f"questions not answered: {command('screen', person.name)}",))
    answers, when = found
    ago_s = now.perhaps_since(when)
    try:
        return Answered(ago_s, restrictions=judge(limits, answers, ago_s))
    except SafetyRefusal as error:
        why = str(error).replace(COMMAND, command("screen", person.name))
        return Answered(ago_s, tuple(_no_session(line) for line in why.splitlines()))


def age(ago_s: float | None) -> str:
    """Return the age of answers in words, and whether they count."""
    longest_s = safety_limits.load_user().screening_max_age_s
    if ago_s is None:
        return "questions not answered"
    if not ago_s <= longest_s:
        return "answers expired"
    return f"answered {hours(ago_s)} ago, expires in {hours(longest_s - ago_s)}"


def follows(restrictions: Restrictions, words: Words) -> Iterator[str]:
    """Yield what the answers take away, in words, one line each."""
    if restrictions == UNRESTRICTED:
        yield words.word("screen_free")
        return
    yield words.word("screen_less")
    yield from (f"  {line}" for line in taken(restrictions, words))


def taken(restrictions: Restrictions, words: Words) -> Iterator[str]:
    """Yield each thing that is taken away, in words; nothing if nothing is."""
    if restrictions.class_factor < 1.0:
        yield words.word("less_everywhere", part=_strength(restrictions.class_factor, words))
    for factor in sorted(set(restrictions.zone_factor.values())):
        zones = [zone for zone, part in restrictions.zone_factor.items() if part == factor]
        yield f"{_strength(factor, words)}: {_all(zones, words)}"
    if restrictions.forbidden:
        yield words.word("less_nothing", zones=_all(sorted(restrictions.forbidden), words))
    for name in sorted(restrictions.forbidden_classes):
        yield words.word("less_kind", kind=name.replace("_", " "))
    if restrictions.max_total_s is not None:
        yield words.word("less_minutes", number=f"{restrictions.max_total_s / _MINUTE_S:g}")
    if not restrictions.heat:
        yield words.word("less_heat")


def hours(seconds: float) -> str:
    """Return a long time in words: ``"3:08 h"`` from one hour on, else as `text.duration`."""
    if seconds < _HOUR_S:
        return text.duration(seconds)
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d} h"


def new_ledger(locked_for_s: float) -> str:
    """Return why nobody plays yet after `doctor --new-ledger`, and until when."""
    return f"a new ledger was started, nobody plays before {hours(locked_for_s)} have passed"


def command(word: str, name: str) -> str:
    """Return a command about a person as it is typed."""
    shown = name.strip()
    return f"devicehub person {word} " + (f'"{shown}"' if " " in shown else shown)


def _no_session(why: str) -> str:
    return why if why.startswith("No session") else f"No session: {why}"


def _all(zones: list[str], words: Words) -> str:
    first, *rest = zones
    return "; ".join((words.zone(first), *map(words.within, rest)))


def _strength(factor: float, words: Words) -> str:
    if factor == _HALF:
        return words.word("half_strength")
    return words.word("part_strength", percent=text.percent(factor))


def _row(restrictions: Restrictions) -> dict[str, object]:
    return {
        "zone_factor": dict(restrictions.zone_factor),
        "class_factor": restrictions.class_factor,
        "forbidden": sorted(restrictions.forbidden),
        "forbidden_classes": sorted(restrictions.forbidden_classes),
        "max_total_s": restrictions.max_total_s,
        "heat": restrictions.heat,
    }
