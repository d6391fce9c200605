"""`devicehub profiles show`: one profile as a person wants to know it."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import PurePath

import click

from devicehub.cli import named, text
from devicehub.cli.language import language_option
from devicehub.cli.preparing import steps
from devicehub.cli.profiles_picture import picture
from devicehub.cli.wrapping import fitted
from devicehub.errors import HubError
from devicehub.i18n.words import Words
from devicehub.ledger import clock
from devicehub.ledger.history import History, place
from profiles.model import Profile
from profiles.techniques.base import PhaseBase
from profiles.text import Language

_GAP = 4
_MINUTE_S = 60.0
_WEEK_S = 7 * 86_400.0


@click.command()
@click.argument("name_or_file")
@language_option("texts")
@click.option("--json", "as_json", is_flag=True, help="The whole profile as one JSON object.")
def show(name_or_file: str, language: Language, as_json: bool) -> None:
    """One profile: purpose, preparation, a picture, and every phase with its cue."""
    profile = named.profile(name_or_file)
    if as_json:
        shown = profile.model_dump(mode="json", by_alias=True, exclude_none=True)
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    words = Words.of(language)
    after = _steps(words.word("afterwards"), steps(profile, words, "after"))
    for line in (
        *_head(profile, words),
        *_lately(PurePath(name_or_file).stem, words),
        *_steps(words.word("preparation"), steps(profile, words)),
        *_picture(profile, words),
        *_phases(profile, words),
        *after,
    ):
        click.echo(fitted(line))


def _head(profile: Profile, words: Words) -> Iterator[str]:
    posture = words.word(f"posture_{profile.posture}")
    length = _length(profile.duration_s, words)
    yield f"{words.text(profile.title)}, {length}, {posture}"
    yield words.text(profile.summary)
    if profile.purpose:
        yield f"{words.word('purpose')}: {words.text(profile.purpose)}"
    if profile.suits:
        suits = ", ".join(words.word(f"suit_{suit}") for suit in profile.suits)
        yield f"{words.word('suits')}: {suits}"
    for promise in ("gentle", "walking_safe"):
        if getattr(profile, promise):
            yield words.word(promise)


def _lately(name: str, words: Words) -> Iterator[str]:
    """Yield how often a profile was played here within a week, if it was; nobody is reminded."""
    since_s = clock.now().wall_s - _WEEK_S
    try:
        with closing(History.glanced_at(place())) as kept:
            played = [one for one in kept.sessions() if one.profile == name]
    except HubError:  # it decides nothing, and `devicehub history list` tells what is wrong
        return
    if number := sum(one.started_s >= since_s for one in played):
        yield words.word("played_lately", number=number)


def _steps(title: str, told: tuple[str, ...]) -> Iterator[str]:
    if told:
        yield ""
        yield f"{title}:"
        yield from (f"  - {step}" for step in told)


def _picture(profile: Profile, words: Words) -> Iterator[str]:
    ascii_only = not (sys.stdout.encoding or "").lower().startswith("utf")
    yield ""
    yield from (f"{'':{_GAP}}{line}" for line in picture(profile, ascii_only=ascii_only))
    yield f"{'':{_GAP}}({words.word('from_behind')})"


def _phases(profile: Profile, words: Words) -> Iterator[str]:
    start_s = 0.0
    for number, phase in enumerate(profile.phases, 1):
        end_s = start_s + phase.duration_s
        pause = not any(phase.level)
        what = words.word("pause") if pause else words.technique(phase.technique)
        when = f"{text.clock(start_s)} - {text.clock(end_s)}"
        yield ""
        length = _length(phase.duration_s, words)
        yield f"{number}. {what}, {length} ({when}){_level(phase, words)}"
        if not pause:
            yield f"   {_zones(phase.zones, words)}"
        if phase.way_back and not pause:
            back = "; ".join(map(words.within, phase.way_back))
            yield f"   {words.word('back_over')} {back}"
        if phase.cue:
            yield f'   "{words.text(phase.cue)}"'
        start_s = end_s


def _length(seconds: float, words: Words) -> str:
    if seconds < _MINUTE_S:
        return words.word("seconds", number=round(seconds))
    return words.word("minutes", clock=text.clock(round(seconds)))


def _level(phase: PhaseBase, words: Words) -> str:
    low, high = phase.level
    if not any(phase.level):
        return ""
    level = text.percent(low) if low == high else f"{text.percent(low)} - {text.percent(high)}"
    return f", {words.word('level')} {level}"


def _zones(zones: tuple[str, ...], words: Words) -> str:
    first, *rest = zones
    return "; ".join([words.zone(first), *map(words.within, rest)])
