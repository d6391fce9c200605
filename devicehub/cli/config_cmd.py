"""`devicehub config check`, `show` and `schema`: what the service is told once."""

import json
from pathlib import Path

import click

from devicehub.cli.settings import checked
from devicehub.config import describe
from devicehub.config.places import default_path
from devicehub.config.sources import BUILT_IN, Loaded, load

_FILE = click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Another file than the usual one.",
)


@click.command()
@_FILE
@click.option("--json", "as_json", is_flag=True, help="One object.")
def check(file: Path | None, *, as_json: bool) -> None:
    """Check file and environment, and name every mistake."""
    loaded = checked(file)
    if as_json:
        click.echo(json.dumps({"file": _name(loaded), "given": len(loaded.origins)}))
        return
    count = len(loaded.origins)
    keys = "1 key is" if count == 1 else f"{count} keys are"
    click.echo(f"{_name(loaded) or _no_file()}: all right, {keys} set")


@click.command()
@_FILE
@click.option("--json", "as_json", is_flag=True, help="One object.")
def show(file: Path | None, *, as_json: bool) -> None:
    """Show every setting and where it comes from; secrets are stars."""
    loaded = load(file)
    rows = [(key, value, loaded.origin(key)) for key, value in describe.values(loaded.settings)]
    if as_json:
        settings = {".".join(key): {"value": value, "from": place} for key, value, place in rows}
        click.echo(json.dumps({"file": _name(loaded), "settings": settings}))
        return
    width = max(len(".".join(key)) for key, _, _ in rows)
    click.echo(_name(loaded) or _no_file())
    for key, value, place in rows:
        said = "" if place == BUILT_IN else f"  ({place})"
        click.echo(f"  {'.'.join(key):<{width}}  {_toml(value)}{said}")


@click.command()
def schema() -> None:
    """Print the JSON Schema of the file, for editors."""
    click.echo(json.dumps(describe.schema(), indent=2))


def _name(loaded: Loaded) -> str | None:
    return None if loaded.file is None else str(loaded.file)


def _no_file() -> str:
    return f"no file ({default_path()} would be read)"


def _toml(value: object) -> str:
    if value is None:
        return "-"
    return json.dumps(value)
