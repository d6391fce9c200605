"""`devicehub profiles new`: asks a few things, and writes a profile to go on from."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from devicehub.cli.profiles_write import OUTPUT, write_new
from devicehub.errors import UsageError
from devicehub.safety import limits as safety_limits
from devicehub.safety.placement import forbidden
from profiles import loader
from profiles.draft import CHOICES, PLACES, STRENGTHS, Draft, Strength, text_of
from profiles.techniques.base import LONGEST_S, ZONE_IDS

T = TypeVar("T")
Read = Callable[[str], T | None]
"""Reads an answer; None where it is none."""

POSTURES = ("seated", "prone", "standing")
_SHORTEST_MIN, _LONGEST_MIN = 1.0, LONGEST_S / 60.0
_LONGEST_TITLE, _LONGEST_PURPOSE = 80, 300


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def new(file: Path | None) -> None:
    """Ask what a massage should be, and write a profile FILE to go on from.

    Answers may come from a pipe, one a line; an empty one takes what stands in brackets. FILE is
    never written over; - is the output.
    """
    _refuse_existing(file)
    draft = _asked()
    out = file or free_in(Path(), draft.title)
    text = text_of(draft)
    loader.load_text(text, str(out))
    write_new(out, text)
    if str(out) != OUTPUT:
        click.echo(f"try: devicehub profiles check {out}", err=True)


def _refuse_existing(file: Path | None) -> None:
    """Say so before the questions, not after them."""
    if file is not None and str(file) != OUTPUT and file.exists():
        raise UsageError(f"{file}: is there already, and is left as it is; give another name")


def _asked() -> Draft:
    title = _ask("What is it called?", "My massage", _words(_LONGEST_TITLE), "a short name")
    purpose = _ask("What is it for?", "A few easy minutes.", _words(_LONGEST_PURPOSE), "a sentence")
    posture = _ask("How does one sit or lie?", "seated", _one_of(POSTURES), _or(POSTURES))
    minutes = _ask(
        "How many minutes?", "5", _minutes, f"a number from {_SHORTEST_MIN:g} to {_LONGEST_MIN:g}"
    )
    places = f"{', '.join(PLACES)}, or ids of zones; commas between"
    zones = _ask(f"Where? {places}\n", "shoulders, lower back", _zones, places)
    techniques = _ask(
        f"What? {', '.join(CHOICES)}; commas between\n",
        "stroking, kneading, vibration",
        _some_of(CHOICES),
        _or(CHOICES),
    )
    strong: Read[Strength] = _one_of(STRENGTHS)
    strength: Strength = _ask("How strong?", "gentle", strong, _or(STRENGTHS))
    return Draft(title, purpose, posture, minutes, zones, techniques, strength)


def _ask(question: str, default: str, read: Read[T], right: str) -> T:
    """Ask until the answer is one."""
    while True:
        try:
            said: str = click.prompt(question, default=default, type=str, err=True)
        except click.Abort as error:
            if not isinstance(error.__context__, EOFError):
                raise
            raise UsageError(f"the input ended before an answer to: {question.strip()}") from None
        answer = read(said.strip())
        if answer is not None:
            return answer
        click.echo(f"  {said.strip()!r}: must be {right}", err=True)


def _words(longest: int) -> Read[str]:
    def read(said: str) -> str | None:
        return said if said and len(said) <= longest and said.isprintable() else None

    return read


def _one_of(words: Sequence[T]) -> Read[T]:
    def read(said: str) -> T | None:
        begun = [word for word in words if str(word).startswith(said.casefold())]
        return begun[0] if said and len(begun) == 1 else None

    return read


def _some_of(words: Sequence[T]) -> Read[tuple[T, ...]]:
    one = _one_of(words)

    def read(said: str) -> tuple[T, ...] | None:
        found = [one(part.strip()) for part in said.split(",")]
        known = tuple(dict.fromkeys(each for each in found if each is not None))
        return known if len(known) == len(found) else None

    return read


def _minutes(said: str) -> float | None:
    try:
        minutes = float(said)
    except ValueError:
        return None
    return minutes if _SHORTEST_MIN <= minutes <= _LONGEST_MIN else None


def _zones(said: str) -> tuple[str, ...] | None:
    """Read places or ids of zones; what nothing may touch is none of them."""
    zones: list[str] = []
    for part in said.split(","):
        word = " ".join(part.casefold().split())
        if word not in PLACES and word not in ZONE_IDS:
            return None
        zones.extend(PLACES.get(word, (word,)))
    named = tuple(dict.fromkeys(zones))
    return None if forbidden(named, safety_limits.load()) else named


def _or(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def free_in(folder: Path, title: str) -> Path:
    """Return a name after `title` that no file in `folder` has."""
    name = _slug(title)
    path, number = folder / f"{name}.toml", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}.toml"
    return path


def _slug(title: str) -> str:
    return re.sub(r"\W+", "-", title.casefold()).strip("-_") or "my-massage"
