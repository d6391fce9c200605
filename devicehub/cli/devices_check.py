"""`devicehub devices check`: every mistake of massager files, or what they describe."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from devicehub.cli import text
from devicehub.errors import MassagerError
from devicehub.massagers.family import Family
from devicehub.massagers.model import Massager
from devicehub.massagers.own import check_file, load_own

_BAD_INPUT = 2


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
def check(files: tuple[Path, ...], as_json: bool) -> int:
    """Name every mistake in massager FILEs, or say what they describe.

    Exit code 2 when a file has mistakes.
    """
    code = 0
    for path in files:
        try:
            family = _checked(path)
        except MassagerError as error:
            code = _BAD_INPUT
            _tell_mistakes(path, str(error).splitlines(), as_json=as_json)
        else:
            _tell(path, family, as_json=as_json)
    return code


def _checked(path: Path) -> Family:
    """Return the family of a file.

    Raises:
        MassagerError: It is wrong, or could be taken for another file of this user.
    """
    family = check_file(path)
    for mine, mistakes in load_own().mistakes.items():
        if mine.resolve() == path.resolve():
            raise MassagerError(mistakes)
    return family


def _tell_mistakes(path: Path, mistakes: list[str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"file": str(path), "mistakes": mistakes}, ensure_ascii=False))
    else:
        click.echo("\n".join(mistakes), err=True)


def _tell(path: Path, family: Family, *, as_json: bool) -> None:
    if as_json:
        models = [_row(massager) for massager in family.massagers.values()]
        row = {"file": str(path), "mistakes": [], "models": models}
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    for massager in family.massagers.values():
        click.echo("\n".join(_in_words(path, massager)))


def _row(massager: Massager) -> dict[str, object]:
    return {
        "model": massager.model,
        "class": massager.stimulus_class,
        "actuators": len(massager.steps),
        "needs_zone": massager.needs_zone,
        "zones": _zones(massager),
        "status": massager.status,
    }


def _zones(massager: Massager) -> list[str]:
    return list(dict.fromkeys(zone for place in massager.layout.places for zone in place.zones))


def _in_words(path: Path, massager: Massager) -> Iterator[str]:
    count = len(massager.steps)
    steps = " or ".join(map(str, sorted(set(massager.steps))))
    motors = "1 motor" if count == 1 else f"{count} motors"
    where = "held in the hand, you say where" if massager.needs_zone else ""
    yield f"{path}: ok, {massager.model}: {massager.title}"
    yield f"  motors   {motors}, steps 0 to {steps}"
    yield f"  zones    {where or text.zones(_zones(massager))}"
    yield f"  class    {massager.stimulus_class.replace('_', ' ')}"
    yield f"  tried    {_tried(massager)}"


def _tried(massager: Massager) -> str:
    if massager.status == "tried":
        return "on hardware, says the file; nobody here has seen it"
    return "on nothing: what its bytes do on a real massager nobody has seen"
