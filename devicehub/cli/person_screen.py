"""`devicehub person screen`: the questions before a session, on a terminal or from a file."""

import sys
from pathlib import Path

import click

from devicehub.cli.person_answers import follows
from devicehub.cli.person_file import read, template, wrong
from devicehub.errors import UsageError
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.safety import limits as safety_limits
from devicehub.safety.limits import UNKNOWN, Limits
from devicehub.safety.screening import YES_NO, ZONES, Question, accepted, judge, questions
from devicehub.session.holding import from_the_head, listed

_WORDS = {"y": "yes", "n": "no", "back": "b"}
_BACK = "b"
_ASKS_FOR_ZONES = ("?", "yes")


@click.command()
@click.argument("name")
@click.option(
    "--answers",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help='Do not ask, read a TOML file: id = "no" for each question.',
)
@click.option(
    "--template",
    "as_template",
    is_flag=True,
    help="Print such a file, to be filled in; ask nothing.",
)
def screen(name: str, file: Path | None, as_template: bool) -> None:
    """Answer the questions before a session; good for 24 h.

    Exit code 4 when an answer stands against any session.
    """
    limits = safety_limits.load_user()
    if as_template:
        click.echo(template(limits))
        return
    with Ledger.open() as ledger:
        name = ledger.person(name).name
        answers = _asked(name, limits) if file is None else read(file, limits)
        ledger.screen(name, answers, clock.now())
    click.echo("\n".join(follows(judge(limits, answers, age_s=0.0))))


def _asked(name: str, limits: Limits) -> dict[str, str]:
    """Ask one question after the other; nothing is answered by just pressing Enter."""
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on: give the answers with --answers FILE")
    asked = questions(limits)
    click.echo(f"{len(asked)} questions for {name}, for the next 24 h. Ctrl-C keeps no answer.\n")
    answers: dict[str, str] = {}
    at = 0
    while at < len(asked):
        answer = _ask(asked[at], limits)
        if answer == _BACK:
            at = max(0, at - 1)
        else:
            answers[asked[at].id] = answer
            at += 1
    return answers


def _ask(question: Question, limits: Limits) -> str:
    """Return the answer to a question, or that the one before is to be asked again."""
    right = "y/n" if question.kind == YES_NO else "n, zone ids, or ? for a list of them"
    while True:
        said: str = click.prompt(f"{question.text} [{right}, b: back]", type=str, prompt_suffix=" ")
        word = said.strip().lower()
        answer = _WORDS.get(word, word)
        if answer == _BACK or accepted(limits, question, answer):
            return answer
        if not (question.kind == ZONES and answer in _ASKS_FOR_ZONES):
            click.echo(f"  {wrong(question, answer, limits)}")
        if question.kind == ZONES:
            click.echo(_choice(limits))


def _choice(limits: Limits) -> str:
    """Return all zones as they are typed and as a person says them, and how to name them."""
    zones = from_the_head(zone for zone in limits.zones if zone != UNKNOWN)
    return f"{listed(zones)}\n  Ids with commas between them; a zone means both of its sides."
