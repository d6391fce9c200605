"""In which language people are spoken to: `--language`, else their setting, else English.

Light imports: `--help` starts fast, and a setting that has nothing to do with this hinders nobody.
"""

import os
import tomllib
from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click

from devicehub.errors import UsageError
from profiles.text import LANGUAGES, Language

VARIABLE = "DEVICEHUB_LANGUAGE"
_ONE_OF = " or ".join(f'"{language}"' for language in get_args(Language))
F = TypeVar("F", bound=Callable[..., Any])


def language_option(of_what: str) -> Callable[[F], F]:
    """Return the option `--language`; its value is a `Language` whatever was given.

    Args:
        of_what: What is in that language, for the help.
    """
    return click.option(
        "--language",
        type=click.Choice(get_args(Language)),
        default=usual,
        help=f"Of {of_what}: en or ru; else as `language` in the settings says, else en.",
    )


def usual() -> Language:
    """Return the language that is set in the environment or in this user's settings, else English.

    Raises:
        UsageError: What is set is no language that is spoken here.
    """
    where, said = VARIABLE, os.environ.get(VARIABLE)
    if said is None:
        where, said = _in_file()
    if said is None:
        return LANGUAGES[0]
    if said not in LANGUAGES:
        raise UsageError(f"{where}: language = {said!r}: must be {_ONE_OF}")
    return said


def _in_file() -> tuple[str, object]:
    """Return what the settings say; of a file that is no settings `config check` tells."""
    from devicehub.config.places import default_path  # noqa: PLC0415 - where no variable is set

    path = default_path()
    try:
        return str(path), tomllib.loads(path.read_text(encoding="utf-8")).get("language")
    except (OSError, ValueError, RecursionError):
        return str(path), None
