"""`devicehub play`: one profile on one or more massagers."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from devicehub.cli.between import Between
from devicehub.cli.language import language_option
from devicehub.errors import UsageError

if TYPE_CHECKING:  # --help stays fast
    from devicehub.cli.request import Request

_AS_GIVEN = (
    *("profile", "zones", "person", "ceiling", "minutes", "heat"),
    *("address", "tape", "mqtt", "as_json", "speak", "watch"),
)


@click.command()
@click.argument("profile")
@click.option(
    "--device",
    "devices",
    metavar="DEVICE",
    multiple=True,
    required=True,
    help="sim:MODEL, sim:FILE.toml, an address or an advertised name; more than once for several.",
)
@click.option(
    "--zone",
    "zones",
    metavar="[DEVICE=]ZONE",
    multiple=True,
    help="Where a handheld is held; with several, once for each DEVICE.",
)
@click.option("--person", metavar="NAME", help="Who is under it; see devicehub person.")
@click.option("--ceiling", type=Between(0, 1), default=1.0, help="Highest level, 0 to 1.")
@click.option("--minutes", type=Between(0.2, 30), help="Stretch or cut the profile to this length.")
@click.option("--heat", is_flag=True, help="Switch the heat pad on, where there is one.")
@click.option(
    "--speed", metavar="X", help="Times real time, or max; simulated in this process only."
)
@click.option(
    "--air", "address", metavar="ADDR", help="A simulator's air: unix:/path or host:port."
)
@click.option(
    "--tape", type=click.Path(path_type=Path, dir_okay=False), help="Write what the device did."
)
@click.option(
    "--mqtt", metavar="URL", help="Show the session at a broker: mqtt://HOST or mqtts://."
)
@click.option("--watch", is_flag=True, help="Play what changes in the file; simulated only.")
@click.option("--dry-run", is_flag=True, help="Show what would be played; nothing moves.")
@click.option(
    "--tool",
    type=click.Choice(["hands", "roller", "pillow"]),
    help="With --device guide: what the hands hold; without it what the profile suits, else hands.",
)
@language_option("cues and of what there is to prepare")
@click.option("--yes", is_flag=True, help="What there is to prepare is done: do not ask.")
@click.option("--speak", is_flag=True, help="Say the cues aloud.")
@click.option("--bell", is_flag=True, help="With --device guide: the terminal rings the beat.")
@click.option("--json", "as_json", is_flag=True, help="Events as JSON, one object a line.")
def play(**options: Any) -> int:
    """Play PROFILE, a bundled name or a file, on DEVICE.

    DEVICE "guide" is nobody's motor: it tells hands what to do.
    """
    if "guide" in options["devices"]:
        from devicehub.cli.guiding.asked import play_guide  # noqa: PLC0415 - imported where used

        return play_guide(options)
    _refuse_of_guides(tool=options["tool"], bell=options["bell"])
    from devicehub.cli import own  # noqa: PLC0415 - --help stays fast
    from devicehub.cli.request import Request, speed_of  # noqa: PLC0415 - as above

    own.tell_wrong_files()
    own.tell_wrong_settings()
    named, files = own.read_devices(options["devices"])
    request = Request(
        devices=named,
        files=files,
        speed=speed_of(options["speed"]),
        virtual=options["speed"] is not None,
        language=options["language"],
        **{name: options[name] for name in _AS_GIVEN},
    )
    if not request.asks_places:
        _refuse_of_guides(speak=options["speak"])
    return _do(request, dry_run=options["dry_run"], prepared=options["yes"])


def _do(request: "Request", *, dry_run: bool, prepared: bool) -> int:
    plan = request.checked_plan()
    if dry_run:
        from devicehub.cli.dry_run import show  # noqa: PLC0415 - imported where it is used

        show(request, plan)
        return 0
    from devicehub.cli import journal, playing  # noqa: PLC0415 - asyncio and bleak load only to play

    if not request.on_screen:
        if not prepared:
            request.check_keyboard()
        return playing.run(request, plan, journal.journalled)
    from devicehub.cli import preparing  # noqa: PLC0415 - for a terminal only

    preparing.begin(request, plan, done=prepared)
    code = playing.run(request, plan, journal.journalled)
    preparing.end(request, plan)
    return code


def _refuse_of_guides(**options: object) -> None:
    """Refuse options that only a guide has."""
    for name, given in options.items():
        if given:
            raise UsageError(f"--{name}: goes with --device guide; leave it out")
