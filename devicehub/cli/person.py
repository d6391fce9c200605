"""`devicehub person`: who is known, and what is kept of them."""

import json
import sys
from pathlib import Path

import click

from devicehub.cli import text
from devicehub.cli.accounts import firsts_of
from devicehub.cli.between import Between
from devicehub.cli.person_answers import (
    Answered,
    age,
    answered,
    command,
    limits_of,
    new_ledger,
    taken,
)
from devicehub.cli.person_file import text_of
from devicehub.errors import UsageError
from devicehub.i18n.words import Words
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locks import person_lock
from devicehub.ledger.moment import Moment
from devicehub.ledger.people import Person
from devicehub.safety import limits as safety_limits
from devicehub.safety.strict import LimitsError
from devicehub.session.firsts import SESSIONS

_NAME_CELLS = 42


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_people(as_json: bool) -> None:
    """Who is known."""
    now = clock.now()
    with Ledger.open() as ledger:
        people = [(each, _answered(ledger, each, now)) for each in ledger.people()]
    for person, said in people:
        if as_json:
            row = {"name": person.name, "ceiling": person.ceiling} | said.row()
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            ceiling = f"ceiling {text.percent(person.ceiling)}"
            click.echo(f"{person.name:<{_NAME_CELLS}}{ceiling:<16}{_standing(said)}")
    if not people and not as_json:
        click.echo("Nobody is known yet: devicehub person add NAME")


def _answered(ledger: Ledger, person: Person, now: Moment) -> Answered:
    """Return what the answers mean; a table of one person that is wrong hides nobody else."""
    try:
        return answered(ledger, person, limits_of(person), now)
    except LimitsError as error:
        return Answered(None, (f"No session: {' '.join(str(error).split())}",))


def _standing(said: Answered) -> str:
    """Return in one line how old the answers are, and what they mean."""
    if said.ago_s is None:
        return said.refused[0]
    if said.refused:
        return f"{age(said.ago_s)}. {' '.join(said.refused)}"
    less = "; ".join(taken(said.restrictions, Words.of("en")))
    return age(said.ago_s) + (f". With less: {less}" if less else "")


@click.command()
@click.argument("name")
@click.option("--ceiling", type=Between(0, 1), default=1.0, help="Their highest level, 0..1.")
@click.option(
    "--limits",
    "table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A table that tightens the limits for them; kept, so the file is not needed again.",
)
def add(name: str, ceiling: float, table: Path | None) -> None:
    """Add a person; NAME is their own words."""
    own = None if table is None else _tightening(table)
    with Ledger.open() as ledger:
        ledger.add(name, ceiling, table=own)
        now = clock.now()
        locked_s = ledger.locked_for_s(now)
        left = not locked_s and ledger.past(name, now).sessions
    click.echo(f"{name.strip()} is known. Next: {command('screen', name)}")
    click.echo(f"The first {SESSIONS} sessions are softer: every cap is halved.")
    if locked_s:
        click.echo(f"But {new_ledger(locked_s)}.")
    if left:
        click.echo(
            "What people forgotten here today received counts for them too, until 24 h have passed."
        )


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask again.")
def forget(name: str, yes: bool) -> None:
    """Erase a person for good."""
    with Ledger.open() as ledger, person_lock(name):
        name = ledger.person(name).name
        if not yes:
            confirm(f"Forget {name}, their answers, ceiling and limits, for good?", "--yes")
        firsts_of(name).forget()
        ledger.forget(name, clock.now())
    click.echo(
        f"{name} is forgotten. What was received within the last 24 h stays until then, without\n"
        "a name, and counts for whoever is added on this computer meanwhile."
    )


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask again.")
def acknowledge(name: str, yes: bool) -> None:
    """After "it hurts": say that NAME is well and wants to go on."""
    with Ledger.open() as ledger:
        now = clock.now()
        if ledger.past(name, now).severe_acknowledged:
            click.echo(f"{name}: there is nothing to acknowledge.")
            return
        if not yes:
            confirm(f"Is {name} well, and wants to be massaged again?", "--yes")
        ledger.acknowledge(name, now)
    click.echo(f"Acknowledged. When the next session may begin: {command('show', name)}")


def confirm(question: str, instead: str) -> None:
    """Ask for a clear yes.

    Raises:
        UsageError: There is no terminal to ask on.
        click.Abort: The answer is no.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"there is no terminal to ask on: give {instead} if that is what you want")
    click.confirm(question, default=None, abort=True)


def _tightening(file: Path) -> str:
    """Return the text of a table that was found to tighten only."""
    own = text_of(file)
    safety_limits.load_user().tightened(own, str(file))
    return own
