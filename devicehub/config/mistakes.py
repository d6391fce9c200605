"""Mistakes in settings, each in one line for a person."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from devicehub.config.model import Settings
from devicehub.config.proxy import HIDDEN, KEY_HINT, resembles_key
from devicehub.config.section import ID_RIGHT, RIGHT

LONGEST_SHOWN = 60
_HIDDEN = "password"
# Of an address what names a host and a port; the rest may be a secret, wherever it stands. All
# before the last @ is a user: a password may hold / and @, and a scheme may be left out.
_ADDRESS = re.compile(
    r"(?P<scheme>(?:[A-Za-z][A-Za-z0-9+.-]*://)?)(?P<user>(?:.*@)?)"
    r"(?P<host>\[[0-9A-Fa-f:.]*\]|[A-Za-z0-9._-]*)(?P<port>(?::[0-9]{1,5}(?=$|[/?#]))?)(?P<rest>.*)",
    re.DOTALL,
)

Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: where it was made, at which key, what pydantic or we say of it, the value."""

    source: str
    key: Key
    said: ErrorDetails | str
    value: object = None


def told(mistakes: Iterable[Mistake]) -> list[str]:
    """Return a line for each mistake, each once."""
    return list(dict.fromkeys(f"{one.source}: {_line(one)}" for one in mistakes))


def between_keys(settings: Settings) -> Iterator[tuple[Key, str]]:
    """Yield what is wrong although every key by itself is right."""
    mqtt = settings.mqtt
    if mqtt.url is not None and not (mqtt.tls or mqtt.is_near or mqtt.plain):
        yield (
            ("mqtt", "url"),
            (
                f"{mqtt.host} is another computer: mqtts://{mqtt.host}, or mqtt.plain = true "
                "to let everybody on the way read along"
            ),
        )
    if (mqtt.cert_file is None) != (mqtt.key_file is None):
        yield ("mqtt", "cert_file"), "a certificate and its key go together: mqtt.key_file"
    if mqtt.password is not None and mqtt.password_file is not None:
        yield ("mqtt", "password_file"), "a password was given as well; leave one of them out"
    for name, proxy in settings.proxies.items():
        if proxy.key is not None and proxy.key_file is not None:
            yield ("proxies", name, "key_file"), "a key was given as well; leave one of them out"


def spell(key: Key) -> str:
    """Return a key as it is written in TOML."""
    return ".".join(str(part) for part in key)


def _line(mistake: Mistake) -> str:
    key, said = spell(mistake.key), mistake.said
    if isinstance(said, str):
        shown = "" if mistake.value is None else f" = {_value(mistake.key, mistake.value)}"
        return f"{key}{shown}: {said}" if key else said
    if said["type"] == "extra_forbidden":
        return f"{key}: there is no such key; {_nearest(mistake.key)}"
    if said["type"] == "missing":
        return f"{key} is missing: give {_right(mistake.key)}"
    if mistake.key[-1:] == ("[key]",):
        return f"{spell(mistake.key[:-1])}: an id is {ID_RIGHT}"
    shown = f"{key} = {_value(mistake.key, said['input'])}: must be {_right(mistake.key)}"
    return f"{shown}; {_hint(mistake.key)}" if _is_a_key(mistake.key, said["input"]) else shown


def _is_a_key(key: Key, value: object) -> bool:
    return key[:1] == ("proxies",) and resembles_key(value)


def _hint(key: Key) -> str:
    return KEY_HINT.replace("ID", str(key[1]) if len(key) > 1 else "ID")


def _value(key: Key, value: object) -> str:
    """Return a value as it may be told: no secret, of an address nothing but host and port."""
    if key[:1] == ("proxies",) and key[2:3] == ("key",):
        return "..."
    if _is_a_key(key, value):
        return HIDDEN
    if key[:1] != ("mqtt",):
        return _shown(value)
    if any(str(part).startswith(_HIDDEN) for part in key):
        return "..."
    address = key in (("mqtt",), ("mqtt", "url")) or "@" in str(value) or "://" in str(value)
    return _shown(_address(value) if isinstance(value, str) and address else value)


def _address(text: str) -> str:
    """Return the scheme, the host and the port of an address, with stars for all else in it."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return "***"
    user = "***@" if found["user"] else ""
    return f"{found['scheme']}{user}{found['host']}{found['port']}{'***' if found['rest'] else ''}"


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "{...}" if isinstance(value, dict) else "[...]"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    text = str(value).lower() if isinstance(value, bool) else text
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[:LONGEST_SHOWN]}..."


def _nearest(key: Key) -> str:
    known = list(_fields(_table(key[:-1])))
    near = difflib.get_close_matches(str(key[-1]), known, n=1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"


def _right(key: Key) -> str:
    field = _fields(_table(key[:-1])).get(str(key[-1])) if key else None
    if field is None or field.json_schema_extra is None:
        return "a table"
    return str(cast("Mapping[str, object]", field.json_schema_extra).get(RIGHT, "a table"))


def _fields(model: type[BaseModel]) -> Mapping[str, Any]:
    return model.model_fields


def _table(key: Key) -> type[BaseModel]:
    """Return the model of the table at a key."""
    model: type[BaseModel] = Settings
    for part in key:
        field = _fields(model).get(str(part))
        if field is None:  # the id of a massager: the table was found with the key before
            continue
        model = _models(field.annotation, model)
    return model


def _models(annotation: Any, otherwise: type[BaseModel]) -> type[BaseModel]:
    around: Sequence[Any] = (annotation, *get_args(annotation))
    found = [one for one in around if isinstance(one, type) and issubclass(one, BaseModel)]
    return found[0] if found else otherwise
