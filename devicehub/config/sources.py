"""Sources: where settings come from, and which of them said what.

The command line goes before the environment, the environment before the file, and the file before
what is built in. All of it is checked at once, and every mistake is told with the place it is in.
"""

import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource, SettingsError

from devicehub.config.mistakes import Key, Mistake, between_keys, told
from devicehub.config.model import Settings
from devicehub.config.places import default_path
from devicehub.config.section import ENV_PREFIX, NESTED
from devicehub.errors import UsageError

COMMAND_LINE, BUILT_IN = "command line", "built in"
LARGEST_BYTES = 256 * 1024

Tree = dict[str, Any]
Wrong = tuple[Key, object, str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, and for every key that was given the place that it comes from."""

    settings: Settings
    origins: Mapping[Key, str]
    file: Path | None

    def origin(self, key: Key) -> str:
        """Return where a key's value comes from."""
        return self.origins.get(key, BUILT_IN)


def _nothing(_: Tree) -> Iterable[Wrong]:
    return ()


def load(
    file: Path | None = None,
    given: Tree | None = None,
    beyond: Callable[[Tree], Iterable[Wrong]] = _nothing,
) -> Loaded:
    """Return the settings of `file`, or of this user's if there is one.

    Args:
        file: Must be there; None for the usual one, which need not be.
        given: What the command line said, in tables as in the file.
        beyond: Says what else is wrong in what the sources said together, as key, value and what
            would be right. It sees that before anything is checked.

    Raises:
        UsageError: All that is wrong, a line for each: where, key, value, what would be right.
    """
    path = _path(file)
    sources = [(COMMAND_LINE, given or {})]
    environment, wrong = _environment()
    sources.append(("environment", environment))
    if path is not None:
        sources.append((str(path), _read(path)))
        wrong += _kept_out_of_files(sources[-1][1], str(path))
    merged: Tree = {}
    origins: dict[Key, str] = {}
    for name, tree in reversed(sources):
        _merge(merged, tree)
        origins |= {key: _named(name, key) for key in _leaves(tree)}
    wrong += _checked(merged, origins)
    wrong += [
        Mistake(_place(origins, key), key, said, value) for key, value, said in beyond(merged)
    ]
    if wrong:
        raise UsageError("\n".join(told(wrong)))
    return Loaded(Settings.model_validate(merged), origins, path)


def _checked(merged: Tree, origins: Mapping[Key, str]) -> list[Mistake]:
    try:
        settings = Settings.model_validate(merged)
    except ValidationError as error:
        return [
            Mistake(_place(origins, detail["loc"]), detail["loc"], detail)
            for detail in error.errors()
        ]
    return [Mistake(_place(origins, key), key, said) for key, said in between_keys(settings)]


def _place(origins: Mapping[Key, str], key: Key) -> str:
    """Return the source in which a key is wrong or missing: that of the nearest one around it."""
    for length in range(len(key), 0, -1):
        for found, source in origins.items():
            if found[:length] == key[:length]:
                return source
    return BUILT_IN


def _named(source: str, key: Key) -> str:
    return variable(key) if source == "environment" else source


def variable(key: Key) -> str:
    """Return the variable of the environment that sets a key."""
    return ENV_PREFIX + NESTED.join(str(part).upper() for part in key)


def _path(file: Path | None) -> Path | None:
    if file is not None:
        return file
    return default_path() if default_path().exists() else None


def _read(path: Path) -> Tree:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(content) > LARGEST_BYTES:
        raise UsageError(
            f"{path}: is larger than {LARGEST_BYTES // 1024} kB; is it the right file?"
        )
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # those of TOML and of UTF-8 among them
        raise UsageError(f"{path}: is no TOML: {error}") from None


def _environment() -> tuple[Tree, list[Mistake]]:
    """Return what the environment sets, and a mistake for each variable that sets nothing."""
    try:
        tree: Tree = EnvSettingsSource(Settings)()
    except SettingsError as error:  # a whole table as text that is no JSON
        return {}, [Mistake("environment", (), f"{error}; set its keys one by one")]
    known = tuple(variable((name,)) for name in Settings.model_fields)
    wrong = [
        Mistake(name, (), "sets nothing; see devicehub config show")
        for name in sorted(os.environ)
        if name.upper().startswith(ENV_PREFIX)
        and not any(name.upper() == one or name.upper().startswith(one + NESTED) for one in known)
    ]
    return tree, wrong


def _kept_out_of_files(tree: Tree, source: str) -> list[Mistake]:
    """Name the secrets that stand in a file that people show each other."""
    wrong: list[Mistake] = []
    if "password" in _below(tree, "mqtt"):
        right = f"a password stays out of this file: mqtt.password_file, or {variable(_PASSWORD)}"
        wrong.append(Mistake(source, _PASSWORD, right))
    for name in _below(tree, "proxies"):
        key: Key = ("proxies", name, "key")
        if "key" in _below(_below(tree, "proxies"), name):
            right = f"a key stays out of this file: proxies.{name}.key_file, or {variable(key)}"
            wrong.append(Mistake(source, key, right))
    return wrong


def _below(tree: Tree, name: str) -> Tree:
    table = tree.get(name)
    return cast("Tree", table) if isinstance(table, dict) else {}


_PASSWORD: Key = ("mqtt", "password")


def _merge(into: Tree, tree: Tree) -> None:
    for key, value in tree.items():
        if isinstance(value, dict):
            below = into.get(key)
            into[key] = below if isinstance(below, dict) else {}
            _merge(into[key], cast("Tree", value))
        else:
            into[key] = value


def _leaves(tree: Tree, above: Key = ()) -> Iterator[Key]:
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            yield from _leaves(cast("Tree", value), (*above, key))
        else:
            yield (*above, key)
