"""Mistakes: what is wrong in a profile, in one line for a person."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from profiles import rules
from profiles.handbook.loader import points
from profiles.model import RULE, Profile, step_ids
from profiles.techniques import TECHNIQUES
from profiles.techniques.base import SAID, ZONE_IDS
from profiles.text import LANGUAGES

KeyPath = tuple[str | int, ...]

LONGEST_TEXT = 40
MOST_ITEMS = 4
MOST_WORDS = 12
ENOUGH = 200
# Where a technique's name is wrong, its own keys cannot be; those that all share are still checked.
ANY_TECHNIQUE = "vibration"
# Keys of a phase in which a mistake has a place of its own; a pair of levels is told whole.
_WITH_ITEMS = {"zones", "return_zones", "cue", "points"}


class Mistake(NamedTuple):
    """One mistake: its key path in the file, and a line that says what would be right."""

    path: KeyPath
    text: str


def find_mistakes(raw: Mapping[str, object], error: ValidationError) -> list[Mistake]:
    """Return the mistakes of a refused profile, once: those of the whole first, then by phase.

    All of them, but for files with hundreds: nobody reads so far, and looking for what every word
    was meant to be takes its time.
    """
    details = error.errors()[:ENOUGH]
    mistakes = {_mistake(raw, detail) for detail in [*details, *_behind(raw, details)]}
    mistakes |= {_broken(raw, rule) for rule in rules.broken(raw)}
    return sorted(mistakes - {_NONE}, key=lambda mistake: _order(mistake.path))


def spell(path: KeyPath) -> str:
    """Return a key path as in ``phase[0].level``; the first phase is 0, as in most tools."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{show_key(part)}"
    return text.removeprefix(".")


def show_key(key: str) -> str:
    """Return a key as it would be written, cut short."""
    plain = key.replace("_", "").replace("-", "")
    return key if plain.isalnum() and len(key) <= LONGEST_TEXT else show(key)


def show(value: object) -> str:
    """Return a value much as it is written in TOML, on one line and cut short."""
    match value:
        case str():
            return _quoted(value)
        case bool():
            return str(value).lower()
        case list():
            return _listed(cast("list[object]", value))
        case _:
            return "{...}" if isinstance(value, dict) else str(value)


def _quoted(text: str) -> str:
    cut = text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "..."
    return '"' + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut) + '"'


def _listed(items: list[object]) -> str:
    first = ["[...]" if isinstance(item, list) else show(item) for item in items[:MOST_ITEMS]]
    return f"[{', '.join(first)}{', ...' if len(items) > MOST_ITEMS else ''}]"


def suggest(word: object, words: Sequence[str]) -> str:
    """Return what a mistyped word was probably meant to be, or what there is."""
    near = _nearest(word, words)
    if near:
        return f'did you mean "{near}"?'
    if len(words) <= MOST_WORDS:
        return f"there are {', '.join(words)}"
    alike = get_close_matches(_start(word), words, n=MOST_ITEMS, cutoff=0.0)
    return f"the most alike are {', '.join(alike)}"


def _nearest(word: object, words: Sequence[str] = tuple(TECHNIQUES)) -> str | None:
    near = get_close_matches(_start(word), words, n=1)
    return near[0] if near else None


def _start(word: object) -> str:
    return word[:LONGEST_TEXT] if isinstance(word, str) else ""


_NONE = Mistake((), "")


def _behind(raw: Mapping[str, object], details: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Return the findings in phases whose technique is unknown, and so were not looked into."""
    blind = [
        cast("int", detail["loc"][1])
        for detail in details
        if detail["type"] in {"union_tag_invalid", "union_tag_not_found"}
    ]
    found: list[ErrorDetails] = []
    for index in blind:
        phase = cast("list[dict[str, object]]", raw["phase"])[index]
        near = _nearest(phase.get("technique"))
        technique = near or ANY_TECHNIQUE
        try:
            TECHNIQUES[technique].model_validate({**phase, "technique": technique})
        except ValidationError as behind:
            for detail in behind.errors():
                detail["loc"] = ("phase", index, technique, *detail["loc"])
                if near or detail["type"] != "extra_forbidden":
                    found.append(detail)
    return found


def _broken(raw: Mapping[str, object], rule: rules.Broken) -> Mistake:
    is_value = isinstance(rule.at[-1], str) and rule.at[-1] != "phase"
    written = f" = {show(_value(raw, rule.at))}:" if is_value else ""
    return Mistake(rule.at, f"{spell(rule.at)}{written} {rule.right}")


def _mistake(raw: Mapping[str, object], detail: ErrorDetails) -> Mistake:
    kind, path = detail["type"], _key_path(raw, detail["loc"])
    value = _value(raw, path)
    written = f"{spell(path)} = {show(value)}:"
    match kind, path:
        case "too_short", _ if _only_its_items(value, detail):
            # Only because its items are wrong, and those are told.
            return _NONE
        case str(name), _ if name == RULE:
            # Told one by one, from the file as it stands.
            return _NONE
        case "extra_forbidden", _:
            text = f"{spell(path)}: there is no such key; {suggest(path[-1], _keys(raw, path))}"
        case "union_tag_not_found", _:
            path = (*path, "technique")
            text = f"{spell(path)} is missing: give one of {', '.join(TECHNIQUES)}"
        case "union_tag_invalid", _:
            path = (*path, "technique")
            wrong = _value(raw, path)
            hint = suggest(wrong, list(TECHNIQUES))
            text = f"{spell(path)} = {show(wrong)}: there is no such technique; {hint}"
        case "unknown_zone" | "unknown_step", _:
            noun, words = ("zone", ZONE_IDS) if kind == "unknown_zone" else ("step", step_ids())
            text = f"{written} there is no such {noun}; {suggest(value, words)}"
        case "missing", _ if value is None:
            text = f"{spell(path)} is missing: give {_right(raw, path)}"
        case _:
            right = detail["msg"] if kind == SAID else f"must be {_right(raw, path)}"
            text = f"{written} {_unresolved(path, value)}{right}"
    return Mistake(path, text)


def _only_its_items(value: object, detail: ErrorDetails) -> bool:
    """Say whether a list is only too short because some of its items are wrong."""
    length = len(cast("list[object]", value)) if isinstance(value, list) else 0
    return length > cast("int", detail.get("ctx", {}).get("actual_length", 0))


def _unresolved(path: KeyPath, value: object) -> str:
    """Return why a point that has a name cannot be played; nothing of anything else."""
    point = points().get(value) if path[-1] == "point" and isinstance(value, str) else None
    return f"{point.unresolved}; " if point and point.unresolved else ""


def _key_path(raw: Mapping[str, object], loc: tuple[int | str, ...]) -> KeyPath:
    """Return the path in the file: without the technique's tag, and not into a pair of levels.

    A text that is no table of languages has no key of its own.
    """
    match loc:
        case ("phase", int(index), str(_), *rest):
            inner = rest if rest and rest[0] in _WITH_ITEMS else rest[:1]
            path: KeyPath = ("phase", index, *inner)
        case _:
            path = loc
    return path[:-1] if isinstance(_value(raw, path[:-1]), str) else path


def _value(raw: Mapping[str, object], path: KeyPath) -> object:
    """Return what stands at a path, None for what is missing."""
    value: object = raw
    for part in path:
        if isinstance(value, list):
            value = cast("list[object]", value)[cast("int", part)]
        else:
            value = cast("Mapping[str | int, object]", value).get(part)
    return value


def _model(raw: Mapping[str, object], path: KeyPath) -> type[BaseModel]:
    match path:
        case ("phase", int(index), _, *_):
            return TECHNIQUES[_nearest(_value(raw, ("phase", index, "technique"))) or ANY_TECHNIQUE]
        case _:
            return Profile


def _keys(raw: Mapping[str, object], path: KeyPath) -> list[str]:
    if path[:-1] and isinstance(path[-2], str):
        return list(LANGUAGES)
    return [field.alias or name for name, field in _model(raw, path).model_fields.items()]


def _right(raw: Mapping[str, object], path: KeyPath) -> str:
    match path:
        case ("phase", int()):
            return "a [[phase]] table"
        case ("phase", int(), str(key), *_):
            pass
        case _:
            key = path[0]
    fields = _model(raw, path).model_fields
    return next(f.description or "" for name, f in fields.items() if key in {name, f.alias})


def _order(path: KeyPath) -> tuple[bool, list[tuple[int, str]]]:
    in_phase = path[0] == "phase"
    return in_phase, [(p, "") if isinstance(p, int) else (0, p) for p in path]
