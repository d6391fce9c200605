"""This user's own massager files, where the command line meets them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import click

from devicehub.errors import UsageError
from devicehub.massagers.own import check_file, load_own

_SIMULATED, _FILE = "sim:", ".toml"
_NONE: Mapping[str, Path] = MappingProxyType({})


def tell_wrong_files() -> None:
    """Say on standard error, in a line for each, which of this user's files are wrong."""
    for path, said in load_own().mistakes.items():
        count = len(said.splitlines())
        mistakes = "a mistake" if count == 1 else f"{count} mistakes"
        click.echo(
            f"devicehub: {path}: {mistakes}, so what it describes is not known "
            f"(devicehub devices check {path})",
            err=True,
        )


def tell_wrong_settings() -> None:
    """Say on standard error, in one line, that this user's settings have a mistake, if they have.

    A session does not hang on them as the service does, so it goes on without what is wrong.
    """
    from devicehub.config.places import default_path  # noqa: PLC0415 - most have no settings

    if not default_path().is_file():
        return
    from devicehub.config.sources import load  # noqa: PLC0415 - as above

    try:
        load()
    except UsageError as error:
        first, *more = str(error).splitlines()
        and_more = f" (and {len(more)} more: devicehub config check)" if more else ""
        click.echo(f"warning: {first}{and_more}", err=True)


def read_devices(devices: Iterable[str]) -> tuple[tuple[str, ...], dict[str, Path]]:
    """Return `devices` with ``sim:MODEL`` for each ``sim:FILE.toml``, and those files by model.

    Raises:
        MassagerError: Such a file is wrong.
    """
    named: list[str] = []
    files: dict[str, Path] = {}
    for device in devices:
        if device.startswith(_SIMULATED) and device.endswith(_FILE):
            path = Path(device.removeprefix(_SIMULATED))
            model = next(iter(check_file(path).massagers))
            files[model] = path
            named.append(f"{_SIMULATED}{model}")
        else:
            named.append(device)
    return tuple(named), files


def firmware_of(model: str, files: Mapping[str, Path] = _NONE) -> str:
    """Return what the simulator calls a model: one of a user's file goes by file and name."""
    path = files.get(model) or load_own().files.get(model)
    return model if path is None else f"{path}#{model}"


def check_simulated(model: str, files: Mapping[str, Path] = _NONE) -> None:
    """See whether a model can be simulated in this process.

    Raises:
        UsageError: Its file says something that no firmware can be made of.
    """
    from firmware_sim.catalogue import build  # noqa: PLC0415 - only those who ask for a simulator

    try:
        build(firmware_of(model, files))
    except ValueError as error:
        raise UsageError(f"sim:{model}: {error}") from error
