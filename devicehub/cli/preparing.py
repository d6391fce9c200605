"""Preparing: what to do before a session, shown and ticked off, and what to do after it.

The article's "technique is a part only" (L16): a session on a person does not begin before whoever
is at the terminal has said that it is prepared. Over a simulated massager lies nobody, so the list
is shown and nothing is asked. Where there is no terminal nobody can be asked either.
"""

import asyncio
from collections.abc import Sequence
from typing import Literal

import click
from click.exceptions import Exit

from devicehub.cli import wrapping
from devicehub.cli.accounts import glanced_at
from devicehub.cli.request import Request
from devicehub.cli.speech import check_voice
from devicehub.errors import SafetyRefusal
from devicehub.i18n.words import Words
from devicehub.session.assembling import refuse_early
from devicehub.session.firsts import LEAST_S
from devicehub.session.plan import Plan
from profiles.handbook.loader import preparation
from profiles.model import Profile

_MINUTE_S = 60.0
When = Literal["before", "after"]
# Both languages are taken in both: a keyboard keeps the layout that it had.
_YES = frozenset({"y", "yes", "д", "да"})
_NO = frozenset({"n", "no", "н", "нет"})


def steps(
    profile: Profile, words: Words, when: When = "before", tool: str | None = None
) -> tuple[str, ...]:
    """Return what the author of a profile asks for before or after it, one sentence or two each.

    Args:
        profile: What will be played.
        words: In whose language.
        when: Before it or after it.
        tool: What a guide puts into the hands; None for a massager.
    """
    asked = [preparation()[step] for step in profile.preparation]
    return tuple(
        words.text(step.text) for step in asked if step.when == when and tool not in step.not_with
    )


def begin(request: Request, plan: Plan, *, done: bool) -> None:
    """Show what there is to do before a session; where a person lies under it, have it ticked off.

    Raises as `tick_off`, and as `check_voice` and `refuse_early` first: nobody prepares for what is
    refused.
    """
    words = Words.of(request.language)
    if request.speak and plan.guided:
        check_voice()
    if request.person is None or request.models:
        _list(words.word("preparation"), steps(plan.profile, words), "- ")
        return
    account = asyncio.run(glanced_at(request.person))
    refuse_early(plan, account)
    if left := account.first_left:
        minutes = round(LEAST_S / _MINUTE_S)
        wrapping.say(words.word("first_session", left=left, minutes=minutes))
    tick_off(plan.profile, words, done=done)


def end(request: Request, plan: Plan) -> None:
    """Show what there is to do when a session has ended."""
    show_after(plan.profile, Words.of(request.language))


def tick_off(profile: Profile, words: Words, *, done: bool, tool: str | None = None) -> None:
    """Show what there is to do before a session, and ask once whether all of it is done.

    Args:
        profile: What will be played; one without steps asks nothing.
        words: In whose language.
        done: They said so already on the command line (`--yes`).
        tool: As of `steps`.

    Raises:
        SafetyRefusal: It is not, so nothing begins.
        Exit: With 0: they broke it off, as a session is stopped, and nothing has moved.
    """
    if not (told := steps(profile, words, tool=tool)):
        return
    _list(words.word("preparation"), told, "[x] " if done else "[ ] ")
    if not done and not _is_prepared(words):
        raise SafetyRefusal(words.word("not_prepared"))


def show_after(profile: Profile, words: Words, tool: str | None = None) -> None:
    """Show what there is to do when it has ended; `tool` as of `steps`."""
    _list(words.word("afterwards"), steps(profile, words, "after", tool), "- ")


def _list(title: str, told: Sequence[str], mark: str) -> None:
    if told:
        click.echo(f"{title}:")
        for step in told:
            wrapping.say(step, f"  {mark}")


def _is_prepared(words: Words) -> bool:
    asked = f"{words.word('prepared')} [{words.word('yes_no')}]"
    try:
        while True:
            said: str = click.prompt(asked, type=str, prompt_suffix=" ")
            if (word := said.strip().casefold()) in _YES | _NO:
                return word in _YES
            click.echo(f"  {words.word('wrong_yes_no', answer=said.strip())}")
    except click.Abort:
        click.echo(f"\n{words.word('broken_off')}")
        raise Exit(0) from None
