"""The words around a stop test: what is asked before, what is asked meanwhile, what was found."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict

import click

from devicehub.cli import named, own
from devicehub.cli.stop_test import stop_test
from devicehub.errors import RadioError, SafetyRefusal, UsageError
from devicehub.radio import measured
from devicehub.radio.measured import RUNS_ON, STOPS, UNKNOWN, Measured
from devicehub.radio.saved import address_of

_SIMULATED = "sim:"
_FAILED = 1
_ANSWERS = {"s": STOPS, "r": RUNS_ON, "n": UNKNOWN}

_BEFORE = """\
{device} will move in short bursts at its lowest level. Then its link is cut
while it moves, to see what it does; it may go on moving for some seconds.
Lay it on a table. Nobody may wear or touch it."""
_CUT = """\
The link to {device} was cut while it moved. Does it
  s  stand still          r  still run          n  (you never saw it move)
?"""


def run(
    device: str, address: str | None, person: str | None, *, off_body: bool, as_json: bool
) -> int:
    """Test a massager, keep and show what was measured; return the exit code.

    Raises:
        SafetyRefusal: Nobody said that it lies off the body.
        HubError: See `stop_test`.
    """
    _confirm(device, off_body=off_body)
    if device.startswith(_SIMULATED):
        found = _on_a_simulator(device, address, person)
    else:
        found = stop_test(address_of(device), address, person, _ask, _tell)
    measured.keep(found)
    if as_json:
        click.echo(json.dumps(asdict(found)))
    else:
        click.echo("\n".join(_lines(device, found)))
    return 0 if len(found.stops_ms) == found.stops_asked else _FAILED


def _on_a_simulator(device: str, address: str | None, person: str | None) -> Measured:
    if address is not None:
        raise UsageError(f"--air: {device} brings its own; name the massager as it advertises")
    model = named.massager(device).model
    with (
        tempfile.TemporaryDirectory(prefix="dh-") as folder,
        _simulated(model, folder) as (name, air),
    ):
        return stop_test(name, air, person, _ask, _tell)


@contextmanager
def _simulated(model: str, folder: str) -> Generator[tuple[str, str]]:
    """Switch a simulated massager on in a process of its own; yield its name and its air.

    Raises:
        RadioError: It does not start.
    """
    from firmware_sim.catalogue import build  # noqa: PLC0415 - only for sim:MODEL

    air = f"unix:{folder}/air"
    program = "from firmware_sim.cli import main; main()"
    firmware = own.firmware_of(model)
    command = [sys.executable, "-c", program, "run", firmware, "--listen", air]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulator:  # noqa: S603 - ours
        try:
            if simulator.stdout is None or not simulator.stdout.readline().startswith("listening"):
                raise RadioError(f"sim:{model}: the simulator does not start")
            yield build(firmware).advertisement.name, air
        finally:
            simulator.terminate()


def _confirm(device: str, *, off_body: bool) -> None:
    if off_body:
        return
    click.echo(_BEFORE.format(device=device), err=True)
    refusal = SafetyRefusal(
        f"{device}: a stop test is for a massager that nobody touches; say so, or --off-body"
    )
    if not sys.stdin.isatty():
        raise refusal
    if not click.confirm("It lies on a table, nobody touches it", default=False, err=True):
        raise refusal


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _ask(device: str) -> str | None:
    """Ask whoever watches; at the end of the input nobody does."""
    click.echo(_CUT.format(device=device), err=True, nl=False)
    for line in sys.stdin:
        answer = _ANSWERS.get(line.strip().casefold())
        if answer is not None:
            return answer
        click.echo("s, r or n? ", err=True, nl=False)
    return None


def _lines(device: str, found: Measured) -> list[str]:
    confirmed = f"{len(found.stops_ms)} of {found.stops_asked} confirmed"
    if found.stops_ms:
        fastest, slowest = min(found.stops_ms), max(found.stops_ms)
        confirmed += f", {fastest:.0f} to {slowest:.0f} ms from asking to the answer"
    lost = {
        STOPS: "it stops by itself",
        RUNS_ON: "IT RUNS ON: only a stop or its own switch ends it",
        UNKNOWN: "not known; count on it that it runs on",
    }[found.on_lost_link]
    seen_by = {"status": "it says so itself", "person": "as you saw it"}.get(found.seen_by)
    return [
        f"{device}: {found.model}{', simulated' * found.simulated}",
        f"  stop          {confirmed}",
        f"  link lost     {lost}" + (f" ({seen_by})" if seen_by else ""),
        f"  firmware      {found.firmware or 'it tells none'}",
        f"  kept          {found.date}, as {found.fingerprint} in {measured.folder()}",
    ]
