"""Refusing: what is recognised and never driven, each with the sentence that says why.

Devices that work with current through the skin must not be taken for massagers; a few parts of
massagers are left alone; and for many nobody has published how they are driven. The packaged
`refused.toml` lists them; nothing in it can move anything, so an entry may go by a name alone.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from devicehub.massagers.fields import Table, Text, Uuids
from devicehub.massagers.identity import Identity, matches

_FILE = Path(__file__).with_name("refused.toml")


@dataclass(frozen=True, slots=True)
class Refused:
    """A device that is recognised and never driven.

    Attributes:
        title: For people.
        why: A sentence for the user.
        identify: What its advertisement shows.
    """

    title: str
    why: str
    identify: Identity


@dataclass(frozen=True, slots=True)
class Undriven:
    """What is never driven and cannot be recognised by itself.

    Attributes:
        kind: ``"part"`` of a massager that is driven, or ``"closed"``: no public protocol.
        title: For people.
        why: A sentence for the user.
    """

    kind: Literal["part", "closed"]
    title: str
    why: str


class _Entry(Table):
    title: Text
    why: Text
    source: Text | None = None


class _Refused(_Entry):
    names: list[Text] = Field(min_length=1)
    services: Uuids = ()


class _File(Table):
    refused: list[_Refused]
    part: list[_Entry]
    closed: list[_Entry]


def refused(
    name: str | None, service_uuids: Iterable[str], manufacturer_data: Mapping[int, bytes]
) -> str | None:
    """Return why the device that advertises this is never driven; None for all others."""
    services = tuple(service_uuids)
    for each in refusals():
        if matches(each.identify, name, services, manufacturer_data):
            return f"{each.title}: {each.why}"
    return None


@cache
def refusals() -> tuple[Refused, ...]:
    """Return the devices that are recognised and never driven."""
    return tuple(
        Refused(entry.title, entry.why, Identity(tuple(entry.names), entry.services))
        for entry in _read().refused
    )


@cache
def undriven() -> tuple[Undriven, ...]:
    """Return what else is not driven: parts of massagers, and those without a public protocol."""
    file = _read()
    parts = tuple(Undriven("part", entry.title, entry.why) for entry in file.part)
    return (*parts, *(Undriven("closed", entry.title, entry.why) for entry in file.closed))


@cache
def _read() -> _File:
    return _File.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))
