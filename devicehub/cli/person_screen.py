"""`devicehub person screen`: the questions before a session, on a terminal or from a file."""

import sys
from pathlib import Path

import click

from devicehub.cli.language import language_option
from devicehub.cli.person_answers import follows
from devicehub.cli.person_file import read, template, wrong, zone_list
from devicehub.errors import SafetyRefusal, UsageError
from devicehub.i18n.words import Words
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.safety import limits as safety_limits
from devicehub.safety.limits import Limits
from devicehub.safety.screening import ZONES, Question, accepted, judge, questions
from profiles.text import Language

# Both languages are taken in both: a keyboard keeps the layout that it had.
_WORDS = {
    "y": "yes",
    "n": "no",
    "back": "b",
    "д": "yes",
    "да": "yes",
    "н": "no",
    "нет": "no",
    "назад": "b",
}
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
@language_option("questions, and of what follows from the answers")
@click.option(
    "--template",
    "as_template",
    is_flag=True,
    help="Print such a file, to be filled in; ask nothing.",
)
def screen(name: str, file: Path | None, language: Language, as_template: bool) -> None:
    """Answer the questions before a session; good for 24 h.

    Exit code 4 when an answer stands against any session.
    """
    limits, words = safety_limits.load_user(), Words.of(language)
    if as_template:
        click.echo(template(limits, words))
        return
    with Ledger.open() as ledger:
        name = ledger.person(name).name
        answers = _asked(name, limits, words) if file is None else read(file, limits)
        ledger.screen(name, answers, clock.now())
    try:
        left = judge(limits, answers, age_s=0.0)
    except SafetyRefusal as error:
        raise SafetyRefusal(_refusal(str(error), limits, words)) from None
    click.echo("\n".join(follows(left, words)))


def _refusal(said: str, limits: Limits, words: Words) -> str:
    """Return why there is no session, in the language of `words` where it was written in it."""
    written = {str(each.refusal): each.refusal for each in limits.conditions.values()}
    return "\n".join(words.text(written.get(line, line)) for line in said.split("\n"))


def _asked(name: str, limits: Limits, words: Words) -> dict[str, str]:
    """Ask one question after the other; nothing is answered by just pressing Enter."""
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on: give the answers with --answers FILE")
    asked = questions(limits)
    click.echo(f"{words.word('screen_head', number=len(asked), name=name, ends='Ctrl-C')}\n")
    answers: dict[str, str] = {}
    at = 0
    while at < len(asked):
        answer = _ask(asked[at], limits, words)
        if answer == _BACK:
            at = max(0, at - 1)
        else:
            answers[asked[at].id] = answer
            at += 1
    return answers


def _ask(question: Question, limits: Limits, words: Words) -> str:
    """Return the answer to a question, or that the one before is to be asked again."""
    right = words.word(f"screen_{question.kind}", back=_BACK)
    while True:
        asked = f"{words.text(question.text)} [{right}]"
        said: str = click.prompt(asked, type=str, prompt_suffix=" ")
        word = said.strip().lower()
        answer = _WORDS.get(word, word)
        if answer == _BACK or accepted(limits, question, answer):
            return answer
        if not (question.kind == ZONES and answer in _ASKS_FOR_ZONES):
            click.echo(f"  {wrong(question, answer, limits, words)}")
        if question.kind == ZONES:
            click.echo(f"{zone_list(limits, words)}\n  {words.word('screen_ids')}")
