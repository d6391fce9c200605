"""Loader: a TOML file becomes a Profile, or every mistake in it is named at once."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from profiles.errors import ProfileError, Told
from profiles.mistakes import Mistake, find_mistakes, spell
from profiles.model import Profile

__all__ = ["ProfileError", "load", "load_text"]

# The longest profile that is bundled has 3 kB; a hundred full phases have about 50 kB.
LARGEST_BYTES = 256 * 1024
MOST_MISTAKES = 40
# No sentence has so many. A dotted key is one line, and `tomllib` reads it in time that grows with
# the square of its dots.
MOST_DOTS = 300

# Whole numbers of TOML have 64 bits.
TOML_BITS = 64
TOO_LONG = "has a whole number of more than 64 bits; no key needs one"


def load(path: str | Path) -> Profile:
    """Return the profile in a file.

    Raises:
        ProfileError: The file cannot be read, or has mistakes: all of them, each on one line with
            the file, the line, the key path, the value and what would be right.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise ProfileError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise ProfileError(f"{path}: is a folder; give a TOML file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ProfileError(f"{path}: cannot be read: {reason}") from error
    if len(content) > LARGEST_BYTES:
        raise ProfileError(
            f"{path}: is larger than {LARGEST_BYTES // 1024} kB; a profile has a few lines a phase"
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        wrong = content[error.start]
        raise ProfileError(
            f"{path}:{line}: byte 0x{wrong:02x} is not UTF-8; save the file as UTF-8"
        ) from error
    return load_text(text, str(path))


def load_text(text: str, source: str) -> Profile:
    """Return the profile in a text; `source` names it in mistakes.

    Raises:
        ProfileError: As for `load`.
    """
    # A byte order mark is how some editors save UTF-8; it says nothing.
    plain = text.removeprefix("\ufeff")
    for number, line in enumerate(plain.split("\n"), 1):
        if line.count(".") > MOST_DOTS:
            raise ProfileError(f"{source}:{number}: has more than {MOST_DOTS} dots; break the line")
    raw = _parse(plain, source)
    try:
        return Profile.model_validate(raw)
    except ValidationError as error:
        mistakes = find_mistakes(raw, error)
    told = _told(mistakes[:MOST_MISTAKES], text.split("\n"))
    lines = [
        f"{source}:{each.line}: {each.text}" if each.line else f"{source}: {each.text}"
        for each in told
    ]
    if len(mistakes) > MOST_MISTAKES:
        lines.append(f"{source}: has more mistakes; mend these first")
    raise ProfileError("\n".join(lines), told)


def _parse(text: str, source: str) -> dict[str, object]:
    try:
        raw = tomllib.loads(text)
    except RecursionError:
        raise ProfileError(f"{source}: is nested too deep; a profile needs two levels") from None
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).rstrip(")").partition(" (at ")
        line = re.match(r"line (\d+)", where)
        number = line[1] if line else text.count("\n") + 1
        raise ProfileError(f"{source}:{number}: is not TOML: {what}") from error
    except ValueError as error:
        # What Python itself refuses to read: numbers of thousands of digits.
        raise ProfileError(f"{source}: {TOO_LONG}") from error
    if any(isinstance(value, int) and value.bit_length() >= TOML_BITS for value in _values(raw)):
        raise ProfileError(f"{source}: {TOO_LONG}")
    return raw


def _values(raw: dict[str, object]) -> Iterator[object]:
    """Yield every value, however deep: dotted keys nest without end."""
    waiting: list[object] = [raw]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(cast("dict[str, object]", value).values())
        elif isinstance(value, list):
            waiting.extend(cast("list[object]", value))
        else:
            yield value


def _told(mistakes: list[Mistake], lines: list[str]) -> list[Told]:
    """Return what is told, from the top of the file to its end; what is missing first."""
    told = [Told(_line_number(lines, path), spell(path), text) for path, text in mistakes]
    return sorted(told, key=lambda each: each.line or 0)


def _line_number(lines: list[str], path: tuple[str | int, ...]) -> int | None:
    """Find where a key path is written, in the plain way of writing profiles; None if elsewhere."""
    match path:
        case ("phase", int(index), *rest):
            headers = [n for n, line in enumerate(lines) if re.match(r"\s*\[\[\s*phase\b", line)]
            if index >= len(headers):
                return None
            first = headers[index]
            body = lines[first + 1 : (*headers, len(lines))[index + 1]]
            return first + 1 + (_keys_line(body, rest) or 0)
        case _:
            return _keys_line(lines, path)


def _keys_line(lines: list[str], path: Sequence[str | int]) -> int | None:
    """Find the key, or better the key within its table where that is written with a dot."""
    keys = [re.escape(part) for part in path if isinstance(part, str)][:2]
    return _line(lines, r"\s*\.\s*".join(keys)) or _line(lines, "".join(keys[:1]))


def _line(lines: list[str], key: str) -> int | None:
    wanted = re.compile(rf"""\s*(?:\[\[?\s*)?["']?{key}["']?\s*[]=.]""")
    return next((n for n, line in enumerate(lines, 1) if key and wanted.match(line)), None)
