"""A file of answers for `devicehub person screen`: reading it, and a template of it."""

import difflib
import reprlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from devicehub.errors import UsageError
from devicehub.i18n.words import Words
from devicehub.safety.limits import UNKNOWN, Limits
from devicehub.safety.screening import YES_NO, ZONES, Question, accepted, questions
from devicehub.session.holding import from_the_head

LARGEST_BYTES = 64 * 1024  # a file with every question has some five
_ZONE_CELLS = 20
# What is typed is the same in every language.
_TYPED = {
    "command": "devicehub person screen NAME --answers FILE",
    "yes": '"yes"',
    "no": '"no"',
    "example": '["gluteal", "spine_lumbar"]',
}


def template(limits: Limits, words: Words) -> str:
    """Return a file with every question and no answer; as it is, it is refused."""
    about = words.word("screen_template", **_TYPED).splitlines()
    head = (*(f"# {line}" for line in about), *(f"#{z}" for z in _listed(limits, words)))
    asked = [f'# {words.text(question.text)}\n{question.id} = ""' for question in questions(limits)]
    return "\n\n".join(("\n".join(head), *asked))


def zone_list(limits: Limits, words: Words) -> str:
    """Return all zones, one a line: as it is typed, and as a person says it."""
    return "\n".join(_listed(limits, words))


def _listed(limits: Limits, words: Words) -> Iterator[str]:
    for zone in from_the_head(_zones(limits)):
        yield f"  {zone:<{_ZONE_CELLS}}{words.zone(zone)}"


def text_of(file: Path) -> str:
    """Return the text of a file that the user named.

    Raises:
        UsageError: It cannot be read, is no text, or is larger than such a file can be.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise UsageError(
                f"{file}: is larger than {LARGEST_BYTES // 1024} kB; take another file"
            )
        return content.decode("utf-8")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: is not text in UTF-8") from None


def read(file: Path, limits: Limits) -> dict[str, str]:
    """Return the answers in a file.

    Raises:
        UsageError: All that is wrong with it, one line each.
    """
    try:
        found = tomllib.loads(text_of(file))
    except RecursionError:
        raise UsageError(f"{file}: is nested too deep; an answer is a word or a list") from None
    except ValueError as error:  # beside what is not TOML, numbers of thousands of digits
        raise UsageError(f"{file}: is not TOML: {error}") from None
    mistakes = list(_mistakes(found, limits))
    if mistakes:
        raise UsageError("\n".join(f"{file}: {mistake}" for mistake in mistakes))
    return {key: _said(answer) for key, answer in found.items()}


def wrong(question: Question, answer: str, limits: Limits, words: Words) -> str:
    """Return what would be right in place of `answer`."""
    said = words.word(f"screen_wrong_{question.kind}", answer=repr(answer))
    if question.kind == YES_NO:
        return said
    zones = _zones(limits)
    lost = [zone for zone in map(str.strip, answer.split(",")) if zone not in zones]
    near = difflib.get_close_matches(lost[0], zones, n=1) if lost else ()
    return f"{said}; {words.word('did_you_mean', name=near[0])}" if near else said


def _mistakes(found: Mapping[str, object], limits: Limits) -> Iterator[str]:
    by_id = {question.id: question for question in questions(limits)}
    for key, answer in found.items():
        if key not in by_id:
            yield f"{key} is no question{_nearest(key, by_id)}"
        elif not _is_text(by_id[key], answer):
            yield f"{key}: {_no_text(by_id[key], answer)}"
        elif not accepted(limits, by_id[key], _said(answer)):
            yield f"{key}: {wrong(by_id[key], _said(answer), limits, Words.of('en'))}"
    for key, question in by_id.items():
        if key not in found:
            would = '"yes"' if question.kind == YES_NO else "zone ids"
            yield f'{key} has no answer: "no" or {would} to: {question.text}'


def _is_text(question: Question, answer: object) -> bool:
    if question.kind == ZONES and isinstance(answer, list):
        named = cast("list[object]", answer)
        return bool(named) and all(isinstance(each, str) for each in named)
    return isinstance(answer, str)


def _no_text(question: Question, answer: object) -> str:
    """Return what to write in place of a value that is of another type."""
    if isinstance(answer, bool):
        word = "yes" if answer else "no"
        shown = f'{str(answer).lower()} is no answer: write "{word}", in quotes'
        return f"{shown}, or zones" if answer and question.kind == ZONES else shown
    places = ', or zones in a list, as in ["gluteal"]' if question.kind == ZONES else ""
    shown = reprlib.repr(answer)  # of what is nested without end, the beginning
    return f'{shown} is no answer: must be "yes" or "no", in quotes{places}'


def _said(answer: object) -> str:
    if isinstance(answer, list):
        return ",".join(map(str, cast("list[object]", answer)))
    return str(answer)


def _zones(limits: Limits) -> list[str]:
    return [zone for zone in limits.zones if zone != UNKNOWN]


def _nearest(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean {near[0]}?" if near else ""
