"""`firmware-sim`: simulated massagers in a process of their own."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import click
from click.core import ParameterSource

from firmware_sim.proxy.command import proxy

_LOOPBACK = "127.0.0.1:0"
_BAD_INPUT = 2
# \b: click leaves the lines below it as they are.
_EXAMPLES = """\b
firmware-sim run reference-cape --listen unix:/tmp/cape.sock --tape cape.jsonl
firmware-sim run lovense-domi --fault drop@30+5
firmware-sim run lovense-domi --attach usb:0
firmware-sim run --file my-wand.toml
"""
_SHORTEST_MS, _LONGEST_MS = 7.5, 4000.0  # Core Specification Vol 4 Part E 7.8.12


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="devicehub")
def main() -> None:
    """Massagers without hardware, reachable from another process through bleak."""


main.add_command(proxy)


@main.command("list")
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
def list_models(as_json: bool) -> None:
    """List the massagers that can be simulated."""
    from firmware_sim.catalogue import CABLED, MODELS, build  # noqa: PLC0415 - --help starts fast

    for model in (*MODELS, *CABLED):
        device = build(model)
        name = device.advertisement.name if model in MODELS else "on a cable"
        if as_json:
            facts = {
                "model": model,
                "name": name,
                "actuators": device.actuators,
                "steps": device.steps,
                "services": [service.uuid for service in device.services],
            }
            click.echo(json.dumps(facts))
        else:
            motors = f"{device.actuators} motor{'s'[: device.actuators > 1]}"
            click.echo(f"{model:21} {name:17} {motors:10} {device.steps} steps")


@main.command(epilog=_EXAMPLES)
@click.argument("models", metavar="MODEL...", nargs=-1)
@click.option(
    "--file",
    "files",
    metavar="FILE",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A massager file of your own; its first model obeys what the file says. For trying out.",
)
@click.option(
    "--listen",
    "address",
    metavar="ADDR",
    default=_LOOPBACK,
    show_default=True,
    help="unix:/path or host:port; port 0 takes a free one. Anyone who reaches it may drive.",
)
@click.option(
    "--attach",
    "transport",
    metavar="TRANSPORT",
    help="Instead: usb:0, serial:/dev/ttyACM0, vhci or android-netsim, for whoever is nearby; "
    "line:PATH for one on a cable.",
)
@click.option(
    "--tape",
    "tape",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what the massager lives through. With several, FILE gets each model's name.",
)
@click.option(
    "--fault",
    "faults",
    metavar="F",
    multiple=True,
    help="KIND@T[+D]: from T s after a hub first connects, for D s; more than once for several. Of "
    "the link: drop, reboot, hang, refuse@T[*N] (N writes). Inside: stray (a motor moves itself), "
    "blind, stuck, overheat (of the heat pad), weak, drained (the battery), jam (rollers).",
)
@click.option(
    "--interval",
    "interval_ms",
    metavar="MS",
    type=float,
    help="Connection interval of every connection, 7.5 to 4000 ms; else what the hub asks for.",
)
@click.option("--json", "as_json", is_flag=True, help="One event a line.")
@click.pass_context
def run(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context,
    models: tuple[str, ...],
    files: tuple[Path, ...],
    address: str,
    transport: str | None,
    tape: Path | None,
    faults: tuple[str, ...],
    interval_ms: float | None,
    as_json: bool,
) -> None:
    """Simulate massagers until Ctrl-C or SIGTERM."""
    from firmware_sim.catalogue import build, names  # noqa: PLC0415 - --help starts fast
    from firmware_sim.faults import parse  # noqa: PLC0415 - as above
    from firmware_sim.tape import paths  # noqa: PLC0415 - as above

    try:
        models = _all_of(models, files)
        for model in models:
            build(model)
        wrong = [parse(fault) for fault in faults]
        tapes = paths(tape, names(models)) if tape else {}
        _check_places(context, transport)
        from firmware_sim.running import Run, run_until_signal  # noqa: PLC0415 - Bumble loads slowly

        wanted = Run(models, address, transport, tapes, wrong, _seconds(interval_ms))
        run_until_signal(wanted, _events if as_json else _lines)
    except ValueError as mistake:
        _refuse(str(mistake))
    except BrokenPipeError:  # the reader of our lines has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as mistake:
        _refuse(f"{mistake.filename or address}: {mistake.strerror or mistake}")


def _check_places(context: click.Context, transport: str | None) -> None:
    """Refuse two places at once. Raises ValueError."""
    listens = context.get_parameter_source("address") is not ParameterSource.DEFAULT
    if transport is not None and listens:
        raise ValueError("--listen and --attach: one of them, not both")


def _all_of(models: tuple[str, ...], files: tuple[Path, ...]) -> tuple[str, ...]:
    """Return models, those in files too. Raises ValueError: none at all, or no such file."""
    for file in files:
        if file.suffix != ".toml":
            raise ValueError(f"--file {file}: must be a massager file, NAME.toml")
    if not (models or files):
        raise ValueError("say which: MODEL... or --file FILE (firmware-sim list)")
    return (*models, *map(str, files))


def _seconds(interval_ms: float | None) -> float | None:
    """Return a connection interval in seconds. Raises ValueError when no chip can have it."""
    if interval_ms is None:
        return None
    if not _SHORTEST_MS <= interval_ms <= _LONGEST_MS:
        raise ValueError(f"--interval {interval_ms:g}: must be {_SHORTEST_MS:g} to {_LONGEST_MS:g}")
    return interval_ms / 1000.0


def _lines(text: str, _event: Mapping[str, object]) -> None:
    click.echo(text)


def _events(_text: str, event: Mapping[str, object]) -> None:
    click.echo(json.dumps(event))


def _refuse(text: str) -> NoReturn:
    click.echo(f"firmware-sim: {text}", err=True)
    sys.exit(_BAD_INPUT)
