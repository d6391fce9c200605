"""`devicehub profiles import`: a curve of other people's tools as a profile of one phase."""

import stat
from collections.abc import Mapping
from pathlib import Path

import click

from devicehub.cli import wrapping
from devicehub.cli.between import Between
from devicehub.cli.profiles_write import write_new
from devicehub.errors import SafetyRefusal, UsageError
from devicehub.safety import limits as safety_limits
from devicehub.safety.placement import forbidden
from profiles import loader
from profiles.body import ZONES
from profiles.errors import ProfileError
from profiles.exchange import funscript, haptic, table
from profiles.exchange.drawing import LARGEST_BYTES, Drawing
from profiles.exchange.written import plain, profile_text

_READ: Mapping[str, str] = {".haptic": "haptic", ".funscript": "funscript", ".csv": "csv"}
_LONGEST_TITLE = 80


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--zone", "zones", multiple=True, required=True, help="Where; may be given again.")
@click.option("--level", type=Between(0, 1), default=1.0, help="How strong its strongest is.")
@click.option("--posture", type=click.Choice(["seated", "prone", "standing"]), default="seated")
@click.option("--title", help="What it is called; else what the file says.")
@click.option("--column", help="Which column of a CSV file.")
@click.option("--out", type=click.Path(path_type=Path), help="New file to write; else the output.")
def import_file(  # noqa: PLR0913 - one parameter an option
    *,
    file: Path,
    zones: tuple[str, ...],
    level: float,
    posture: str,
    title: str | None,
    column: str | None,
    out: Path | None,
) -> None:
    """Make a profile of a .haptic, .funscript or CSV FILE, to be played under the same caps."""
    _check(zones)
    drawing = _read(file, column)
    called = plain(title or drawing.title or file.stem).strip()[:_LONGEST_TITLE] or "Imported"
    text = profile_text(
        drawing, source=file.name, title=called, zones=zones, posture=posture, level=level
    )
    loader.load_text(text, str(out or file))
    for note in drawing.notes:
        wrapping.say(note, "note: ", err=True)
    write_new(out, text)


def _check(zones: tuple[str, ...]) -> None:
    known = {zone.id for zone in ZONES}
    for zone in zones:
        if zone not in known:
            raise UsageError(f"--zone {zone}: no such zone; docs/profiles.md lists them")
        if zones.count(zone) > 1:
            raise UsageError(f"--zone {zone}: given twice; name each zone once")
    for zone in forbidden(zones, safety_limits.load()):
        raise SafetyRefusal(f"--zone {zone}: refused, no massager may move there")


def _read(file: Path, column: str | None) -> Drawing:
    kind = _READ.get(file.suffix.casefold())
    if kind is None:
        raise UsageError(f"{file}: what ends in {', '.join(_READ)} can be read")
    if column is not None and kind != "csv":
        raise UsageError(f"--column: only a .csv file has columns; leave it out for {file}")
    text = _content(file)
    if kind == "csv":
        return table.read(text, str(file), column)
    return haptic.read(text, str(file)) if kind == "haptic" else funscript.read(text, str(file))


def _content(file: Path) -> str:
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a pipe would be waited for
            raise ProfileError(f"{file}: cannot be read: must be an ordinary file")
        with file.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ProfileError(f"{file}: cannot be read: {error.strerror}") from error
    if len(content) > LARGEST_BYTES:
        raise ProfileError(f"{file}: is larger than {LARGEST_BYTES >> 20} MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProfileError(f"{file}: is not UTF-8 from byte {error.start} on") from error
