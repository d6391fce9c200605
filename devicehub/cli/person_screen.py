"""`devicehub person screen`: the questions before a session, on a terminal or from a file."""

import difflib
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click

from devicehub.cli.person_answers import follows
from devicehub.errors import UsageError
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.safety import limits as safety_limits
from devicehub.safety.limits import Limits
from devicehub.safety.screening import YES_NO, Question, accepted, judge, questions

_WORDS = {"y": "yes", "n": "no"}


@click.command()
@click.argument("name")
@click.option(
    "--answers",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help='Do not ask, read a TOML file: id = "no" for each question.',
)
def screen(name: str, file: Path | None) -> None:
    """Answer the questions before a session; good for 24 h.

    Exit code 4 when an answer stands against any session.
    """
    limits = safety_limits.load_user()
    with Ledger.open() as ledger:
        name = ledger.person(name).name
        answers = _asked(name, limits) if file is None else _read(file, limits)
        ledger.screen(name, answers, clock.now())
    click.echo("\n".join(follows(judge(limits, answers, age_s=0.0))))


def _asked(name: str, limits: Limits) -> dict[str, str]:
    """Ask one question after the other; nothing is answered by just pressing Enter."""
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on: give the answers with --answers FILE")
    asked = questions(limits)
    click.echo(f"{len(asked)} questions for {name}, for the next 24 h. Ctrl-C keeps no answer.\n")
    return {question.id: _ask(question, limits) for question in asked}


def _ask(question: Question, limits: Limits) -> str:
    right = "y/n" if question.kind == YES_NO else "n, or zones with commas between them"
    while True:
        said: str = click.prompt(f"{question.text} [{right}]", type=str, prompt_suffix=" ")
        word = said.strip().lower()
        answer = _WORDS.get(word, word)
        if accepted(limits, question, answer):
            return answer
        click.echo(f"  {_wrong(question, answer, limits)}")


def _wrong(question: Question, answer: str, limits: Limits) -> str:
    """Return what would be right in place of `answer`."""
    if question.kind == YES_NO:
        return f'{answer!r} is no answer: must be "yes" or "no"'
    lost = [zone for zone in map(str.strip, answer.split(",")) if zone not in limits.zones]
    named = _nearest(lost[0], limits.zones) if lost else ""
    return f'{answer!r} is no answer: must be "no" or zone ids{named}'


def _read(file: Path, limits: Limits) -> dict[str, str]:
    """Return the answers in a file.

    Raises:
        UsageError: All that is wrong with it, one line each.
    """
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: is not TOML: {error}") from None
    mistakes = list(_mistakes(found, limits))
    if mistakes:
        raise UsageError("\n".join(f"{file}: {mistake}" for mistake in mistakes))
    return {key: str(answer) for key, answer in found.items()}


def _mistakes(found: Mapping[str, object], limits: Limits) -> Iterator[str]:
    by_id = {question.id: question for question in questions(limits)}
    for key, answer in found.items():
        if key not in by_id:
            yield f"{key} is no question{_nearest(key, by_id)}"
        elif not (isinstance(answer, str) and accepted(limits, by_id[key], answer)):
            yield f"{key}: {_wrong(by_id[key], str(answer), limits)}"
    for key, question in by_id.items():
        if key not in found:
            yield f'{key} has no answer: "no" or "yes" to: {question.text}'


def _nearest(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean {near[0]}?" if near else ""
