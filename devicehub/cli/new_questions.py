"""What `devices new` asks of a massager's author, one question after the other; `b` goes back."""

from collections.abc import Callable, Sequence

import click

from devicehub.cli.new_file import UNKNOWN, Description, slug, text_of
from devicehub.errors import MassagerError
from devicehub.massagers.claims import STRICTEST
from devicehub.safety.limits import Limits
from devicehub.session.holding import from_the_head, listed

BACK = "b"
_YES_NO = ("y", "yes", "n", "no")
_SAY = "say y or n"
MOST_MOTORS, MOST_STEPS = 32, 255

_LEVEL = """
The frame that sets a level, as the massager wants it. {0} is the level of the first motor,
{1} of the second. Everything else stands as it is sent:
  bytes in hex     0F 03 00 {0} {0} 03 00 00        with a checksum    5A {0} {xor}
  text             text Vibrate:{0};"""
_STOP = """
The frame that stops everything, in the same way but without a level:
  bytes in hex     0F 00 00 00 00 00 00 00          text               text Vibrate:0;"""
_CLASS = f"""
What kind of thing is it? {UNKNOWN}, if you are not sure: it gets the lowest caps ({STRICTEST})."""

Ask = Callable[[Description], bool]
"""Asks one thing and notes it; False to go back."""


def prompt(question: str, right: str, default: str | None = None) -> str:
    """Ask and return what was typed, without spaces around it."""
    said: str = click.prompt(
        f"{question} [{right}, b: back]", type=str, prompt_suffix=" ", default=default
    )
    return said.strip()


def pick(question: str, count: int) -> int | None:
    """Ask for one of `count` rows and return its number from 0, or None to go back."""
    number = _number(question, 1, count)
    return None if number is None else number - 1


def ask_all(said: Description, limits: Limits) -> bool:
    """Ask everything; False when the person goes back beyond the first question."""
    asks: Sequence[Ask] = (_motors, _steps, _level, _stop, _where(limits), _class(limits), _name)
    at = 0
    while 0 <= at < len(asks):
        at += 1 if asks[at](said) else -1
    return at > 0


def _motors(said: Description) -> bool:
    return _noted(said, "motors", _number("\nHow many motors has it?", 1, MOST_MOTORS))


def _steps(said: Description) -> bool:
    question = "How many levels does it know? The number of the strongest"
    return _noted(said, "steps", _number(question, 1, MOST_STEPS))


def _noted(said: Description, name: str, value: int | None) -> bool:
    if value is not None:
        setattr(said, name, value)
    return value is not None


def _number(question: str, least: int, most: int) -> int | None:
    while True:
        word = prompt(question, f"{least} to {most}")
        if word == BACK:
            return None
        if word.isascii() and word.isdigit() and least <= int(word) <= most:
            return int(word)
        click.echo(f"  {word!r}: must be a whole number from {least} to {most}")


def _level(said: Description) -> bool:
    click.echo(_LEVEL)
    word = prompt("Level frame?", "a frame")
    said.level = word
    return word != BACK


def _stop(said: Description) -> bool:
    click.echo(_STOP)
    said.stop = prompt("Stop frame?", "a frame")
    while said.stop != BACK and (mistakes := _mistakes(said)):
        click.echo("".join(f"  {line}\n" for line in mistakes), nl=False)
        if any(": model[0].set" in line for line in mistakes):
            return False  # to the level frame
        said.stop = prompt("Stop frame?", "a frame")
    return said.stop != BACK


def _mistakes(said: Description) -> list[str]:
    """Return what is wrong with the frames, the rest taken as the strictest."""
    tried = Description(
        said.stranger, said.char, "draft", said.motors, said.steps, said.level, said.stop
    )
    tried.zones = [UNKNOWN] * said.motors
    try:
        text_of(tried)
    except MassagerError as error:
        return str(error).splitlines()
    return []


def _where(limits: Limits) -> Ask:
    def ask(said: Description) -> bool:
        held = _yes("\nIs it held in the hand and moved about?")
        if held is None:
            return False
        said.zones = None if held else []
        while said.zones is not None and len(said.zones) < said.motors:
            zones = _zones(f"Where is motor {len(said.zones)} felt?", limits)
            if zones is not None:
                said.zones.append(zones)
            elif said.zones:
                said.zones.pop()
            else:
                return ask(said)
        return True

    return ask


def _zones(question: str, limits: Limits) -> str | None:
    while True:
        word = prompt(question, f"zone ids with commas between, {UNKNOWN}, or ? for a list")
        if word == BACK:
            return None
        ids = [each.strip() for each in word.split(",")]
        if all(each in limits.zones for each in ids):
            return ",".join(ids)
        if word != "?":
            click.echo(f"  {word!r}: must be ids of zones")
        click.echo(listed(from_the_head(zone for zone in limits.zones if zone != UNKNOWN)))


def _class(limits: Limits) -> Ask:
    def ask(said: Description) -> bool:
        click.echo(_CLASS)
        known = (*limits.classes, UNKNOWN)
        while True:
            word = prompt("Class?", ", ".join(known), default=UNKNOWN)
            if word == BACK:
                return False
            if word in known:
                said.stimulus_class = word
                return True
            click.echo(f"  {word!r}: must be one of {', '.join(known)}")

    return ask


def _name(said: Description) -> bool:
    while True:
        word = prompt("\nWhat shall it be called?", "a name", default=slug(said.stranger.name))
        if word == BACK:
            return False
        if word == slug(word):
            said.name = word
            return True
        click.echo(f"  {word!r}: must be small letters, digits and -, such as {slug(word)}")


def _yes(question: str) -> bool | None:
    """Return yes or no, or None to go back."""
    while True:
        word = prompt(question, "y/n").casefold()
        if word == BACK:
            return None
        if word in _YES_NO:
            return word.startswith("y")
        click.echo(f"  {word}: {_SAY}")


def yes(question: str) -> bool:
    """Ask something that only yes and no answer."""
    while True:
        said: str = click.prompt(f"{question} [y/n]", type=str, prompt_suffix=" ")
        if (word := said.strip().casefold()) in _YES_NO:
            return word.startswith("y")
        click.echo(f"  {word}: {_SAY}")
