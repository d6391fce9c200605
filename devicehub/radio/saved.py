"""Saved massagers: a name of one's own, bound to one address and one model.

A file of this user, ``devices.toml`` in the folder of their settings: a table for each name. Light
imports: `devicehub stop` reads it.
"""

import contextlib
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import platformdirs

from devicehub.errors import UsageError

_KEYS = ("address", "model")
# A name that a person can type, and that nothing else on a command line looks like.
_NAME_MAX = 32
_RESERVED = ("sim:", "guide")


@dataclass(frozen=True, slots=True)
class Saved:
    """One massager of this user: `name` is theirs, `address` and `model` are what it must be."""

    name: str
    address: str
    model: str


def path() -> Path:
    """Return where the names are kept; nothing is made."""
    return platformdirs.user_config_path("devicehub", appauthor=False) / "devices.toml"


def all_saved() -> tuple[Saved, ...]:
    """Return every saved massager, by name.

    Raises:
        UsageError: The file is wrong; one line for each mistake.
    """
    file = path()
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{file}: is no TOML: {error}") from None
    mistakes = [line for name, table in tables.items() for line in _mistakes(name, table)]
    if mistakes:
        raise UsageError("\n".join(f"{file}: {line}" for line in mistakes))
    return tuple(
        Saved(name, table["address"], table["model"]) for name, table in sorted(tables.items())
    )


def saved(name: str) -> Saved | None:
    """Return the massager that this user calls `name`, or None. Raises as above."""
    return next((one for one in all_saved() if one.name.casefold() == name.casefold()), None)


def address_of(name: str) -> str:
    """Return where the massager is that this user calls `name`, or `name` itself.

    For a stop, which a file that is wrong does not hold up: then no name is known.
    """
    with contextlib.suppress(UsageError):
        if (mine := saved(name)) is not None:
            return mine.address
    return name


def name_at(address: str, otherwise: str) -> str:
    """Return what this user calls the massager at `address`, or `otherwise`; as `address_of`."""
    return next(iter(names_at(address)), otherwise)


def names_at(address: str) -> tuple[str, ...]:
    """Return all that this user calls the massager at `address`, none included; as `address_of`."""
    with contextlib.suppress(UsageError):
        return tuple(
            one.name for one in all_saved() if one.address.casefold() == address.casefold()
        )
    return ()


def save(new: Saved) -> None:
    """Keep a massager, in place of one of the same name.

    Raises:
        UsageError: The name is none, or the file is wrong.
        OSError: It cannot be written.
    """
    if wrong := _wrong_name(new.name):
        raise UsageError(f"name {new.name!r}: {wrong}")
    others = [one for one in all_saved() if one.name.casefold() != new.name.casefold()]
    _write([*others, new])


def forget(name: str) -> Saved:
    """Forget a massager and return it.

    Raises:
        UsageError: None is called so, or the file is wrong.
        OSError: It cannot be written.
    """
    gone = saved(name)
    if gone is None:
        names = ", ".join(one.name for one in all_saved()) or "none"
        raise UsageError(f"{name}: no saved massager of that name; those are: {names}")
    _write([one for one in all_saved() if one != gone])
    return gone


def _write(massagers: Iterable[Saved]) -> None:
    import tomli_w  # noqa: PLC0415 - only who saves writes

    file = path()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_suffix(".new")
    tables = {one.name: {"address": one.address, "model": one.model} for one in massagers}
    with fresh.open("w", encoding="utf-8") as open_file:
        open_file.write(tomli_w.dumps(tables))
        open_file.flush()
        os.fsync(open_file.fileno())
    fresh.replace(file)


def _mistakes(name: str, table: object) -> Iterable[str]:
    if wrong := _wrong_name(name):
        yield f"[{name}]: {wrong}"
    if not isinstance(table, dict):
        yield f"{name} is {table!r}: must be a table with {' and '.join(_KEYS)}"
        return
    said = cast("Mapping[str, object]", table)
    for key in said.keys() - set(_KEYS):
        yield f"{name}.{key}: is no key that is known here; only {', '.join(_KEYS)}"
    for key in _KEYS:
        if not isinstance(said.get(key), str) or not said[key]:
            yield f"{name}.{key} is {said.get(key)!r}: must be text"


def _wrong_name(name: str) -> str | None:
    """Return what is wrong with a name of one's own, or None."""
    if not name.strip() or name != name.strip() or len(name) > _NAME_MAX or not name.isprintable():
        return f"must be 1 to {_NAME_MAX} letters, digits or signs"
    if name.casefold().startswith(_RESERVED) or "@" in name or "=" in name or name.startswith("-"):
        return "must not look like another word of the command line: no @, no =, no sim:, not guide"
    return None
