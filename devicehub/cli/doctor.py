"""`devicehub doctor`: what is wrong, and how to mend it."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from devicehub.cli.doctor_checks import PROBLEM, RUNNING, Finding, look_at_all

FAILED, UNCONFIRMED = 1, 3
_STATE_CELLS, _WHAT_CELLS = 16, 14


def _no_option(ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Take no option for a massager's name: none begins with a dash. Help is given."""
    if value in ctx.help_option_names:
        click.echo(ctx.get_help())
        ctx.exit()
    if value is not None and value.startswith("-"):
        raise click.BadParameter(f"{value} is no massager; its name comes right after --stop-test")
    return value


@click.command()
@click.option(
    "--air", "address", metavar="ADDR", help="Look at a simulator's air instead of Bluetooth."
)
@click.option(
    "--stop-test",
    "device",
    metavar="DEVICE",
    callback=_no_option,
    help="Measure how stop works on this massager.",
)
@click.option("--person", metavar="P", help="Who answers for a real massager; not their session.")
@click.option(
    "--off-body", is_flag=True, help="It lies on a table and nobody touches it: do not ask."
)
@click.option(
    "--new-ledger", is_flag=True, help="Put a new ledger in the place of one that is damaged."
)
@click.option("--json", "as_json", is_flag=True, help="One object.")
def doctor(
    *,
    address: str | None,
    device: str | None,
    person: str | None,
    off_body: bool,
    new_ledger: bool,
    as_json: bool,
) -> int:
    """Say what is wrong and how to mend it, or measure how stop works on a massager.

    Exit 0 when nothing is wrong, 1 when something is, 3 when a massager may be running.
    """
    if device is not None:
        from devicehub.cli.doctor_stop import run  # noqa: PLC0415 - most often nobody asks for it

        return run(device, address, person, off_body=off_body, as_json=as_json)
    if new_ledger:
        _renew_ledger()
    found = look_at_all(address)
    if as_json:
        click.echo(json.dumps({"checks": [asdict(finding) for finding in found]}))
    else:
        click.echo("\n".join(_lines(found)))
    states = {finding.state for finding in found}
    if RUNNING in states:
        return UNCONFIRMED
    return FAILED if PROBLEM in states else 0


def _renew_ledger() -> None:
    from devicehub.ledger import clock  # noqa: PLC0415 - most often nobody asks for it
    from devicehub.ledger.repair import renew  # noqa: PLC0415 - as above

    for aside in renew(clock.now()):
        click.echo(f"kept aside: {aside}", err=True)
    click.echo("a new ledger knows nobody, and nobody plays on it for 24 h", err=True)


def _lines(found: Sequence[Finding]) -> list[str]:
    lines: list[str] = []
    for finding in found:
        state = finding.state.upper() if finding.state == RUNNING else finding.state
        lines.append(f"{state:<{_STATE_CELLS}}{finding.what:<{_WHAT_CELLS}}{finding.text}")
        if finding.fix:
            lines.append(f"{'':<{_STATE_CELLS}}{'':<{_WHAT_CELLS}}-> {finding.fix}")
    return lines
