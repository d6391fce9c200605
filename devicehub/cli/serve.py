"""`devicehub serve`: the hub as a service."""

from pathlib import Path

import click


@click.command()
@click.option(
    "--device",
    "devices",
    metavar="[ID=]DEVICE",
    multiple=True,
    help="What is served; without it all in the settings, or all that are saved.",
)
@click.option("--mqtt", "url", metavar="URL", help="The broker, for example mqtt://localhost.")
@click.option(
    "--air", "address", metavar="ADDR", help="A simulator's air: unix:/path or host:port."
)
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Another file of settings than the usual one.",
)
@click.option("--log-format", type=click.Choice(["text", "json"]), help="For people, or JSON.")
@click.option("--install-unit", is_flag=True, help="Write the unit for systemd, and end.")
@click.option("--json", "as_json", is_flag=True, help="What is served as one object.")
def serve(  # noqa: PLR0913 - one parameter an option
    *,
    devices: tuple[str, ...],
    url: str | None,
    address: str | None,
    file: Path | None,
    log_format: str | None,
    install_unit: bool,
    as_json: bool,
) -> int:
    """Serve massagers until it is ended: sessions start, stop and end, the service goes on."""
    from devicehub.cli.settings import checked  # noqa: PLC0415 - --help stays fast

    given: dict[str, object] = {}
    if url is not None:
        given["mqtt"] = {"url": url}
    if address is not None:
        given["air"] = address
    if log_format is not None:
        given["log"] = {"format": log_format}
    loaded = checked(file, given)
    if install_unit:
        from devicehub.cli import unit  # noqa: PLC0415 - imported where it is used

        click.echo(unit.install(file))
        return 0
    from devicehub.cli import serving  # noqa: PLC0415 - asyncio and bleak load only to serve

    return serving.run(loaded, devices, air_named=address is not None, as_json=as_json)
