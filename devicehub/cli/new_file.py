"""The file that `devices new` writes: what a person said, as TOML with a word about each thing."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from devicehub.massagers.encode import raw
from devicehub.massagers.library import load_text
from devicehub.radio.exploring import Stranger, Writable

SOURCE = "worked out by devices new"
UNKNOWN = "unknown"
_PREFIX_BYTES = 2


@dataclass(slots=True)
class Description:
    """What was said so far. `zones` by motor; None where it is held in the hand."""

    stranger: Stranger
    char: Writable
    name: str = ""
    motors: int = 1
    steps: int = 1
    level: str = ""
    stop: str = ""
    stimulus_class: str = UNKNOWN
    zones: list[str] | None = None
    tried: list[str] = field(default_factory=list[str])


def slug(name: str) -> str:
    """Return a model's name made from an advertised one."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "my-massager"


def source_of(said: Description) -> str:
    """Return the file's name."""
    return f"{said.name}.toml"


def text_of(said: Description) -> str:
    """Return the file, with the vectors that its own frames give.

    Raises:
        MassagerError: Something in it is wrong; one line a mistake.
    """
    levels = [[1] * said.motors, [said.steps] * said.motors]
    draft = "".join([_head(said), *(_vector(each, ["00"]) for each in levels[:1])])
    (massager,) = load_text(draft, source_of(said)).massagers.values()
    unique = levels if said.steps > 1 else levels[:1]
    vectors = [_vector(each, [w.data.hex() for w in raw(massager, each)]) for each in unique]
    return "".join([_head(said), *vectors])


def _head(said: Description) -> str:
    return f"""\
# {said.stranger.name}: made by devicehub devices new. See docs/massager-files.md.
family = {_quoted(said.name)}
class = {_quoted(said.stimulus_class)}  # "unknown" has the caps of the strictest class
stops_on_disconnect = "unknown"  # devicehub doctor --stop-test finds out
on_lost_link = "Switch it off by its own button."
evidence = {_listed(said.tried or ["nothing was tried: the frames are as their author typed them"])}

# Everything here must be advertised at once, or it is not this massager.
[identify]
{_identity(said.stranger)}

[chars]
tx = {{ uuid = {_quoted(said.char.uuid)}, response = {str(said.char.response).lower()} }}

[[model]]
name = {_quoted(said.name)}
title = {_quoted(said.stranger.name)}
actuators = [{{ steps = {said.steps}, count = {said.motors} }}]
set = {_quoted(said.level)}
stop = {_quoted(said.stop)}
{_places(said)}
"""


def _identity(stranger: Stranger) -> str:
    lines = [f"names = {_listed([stranger.name])}"]
    if stranger.services:
        lines.append(f"service = {_quoted(stranger.services[0])}")
    if stranger.makers:
        company, said = stranger.makers[0]
        prefix = said[:_PREFIX_BYTES].hex(" ")
        lines.append(f"manufacturer = {{ company = {company}, prefix = {_quoted(prefix)} }}")
    return "\n".join(lines)


def _places(said: Description) -> str:
    if said.zones is None:
        return "held = true  # moved by hand: whoever plays says where it is"
    rows = "".join(f"    {{ zones = {_listed(zones.split(','))} }},\n" for zones in said.zones)
    return f"places = [\n{rows}]"


def _vector(levels: Sequence[int], writes: Iterable[str]) -> str:
    return (
        f"\n[[vectors]]\nsource = {_quoted(SOURCE)}\nlevels = {json.dumps([*levels])}\n"
        f"writes = {_listed(writes)}\n"
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _listed(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"
