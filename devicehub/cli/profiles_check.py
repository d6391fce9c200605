"""`devicehub profiles check`: every mistake, every doubt, and every rule that was applied."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import click

from devicehub.cli import named, text, wrapping
from devicehub.cli.profiles_explain import Explained, explained
from devicehub.cli.profiles_findings import Finding, doubtful, on_massagers, refused
from devicehub.errors import UsageError
from devicehub.massagers.own import known_massagers
from devicehub.safety import limits as safety_limits
from devicehub.safety.limits import Limits
from profiles.errors import ProfileError, Told
from profiles.model import Profile

_BAD_INPUT = 2
_REFUSED = 4
_MOST_MODELS = 4


@dataclass(frozen=True, slots=True)
class _Report:
    """What is said of one file; `profile` is None where it has mistakes."""

    file: str
    profile: Profile | None = None
    mistakes: tuple[Told, ...] = ()
    said: str = ""
    refused: tuple[Finding, ...] = ()
    doubts: tuple[Finding, ...] = ()
    rules: tuple[Explained, ...] = ()
    massagers: tuple[Finding, ...] = ()

    @property
    def code(self) -> int:
        if self.profile is None:
            return _BAD_INPUT
        return _REFUSED if self.refused else 0


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--device", "model", metavar="MODEL", help="Play it through on this one, unheard.")
@click.option("--zone", help="With --device: where a handheld is held.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
def check(files: tuple[str, ...], model: str | None, zone: str | None, as_json: bool) -> int:
    """Name every mistake in profile FILEs, every doubt, and every rule that was applied.

    With --device each is run through the caps of that massager to its end; without, layouts and
    caps of all massagers are looked at. Exit code 2 when a file has mistakes; 4 when nothing is
    wrong but a forbidden zone is named; 0 otherwise, doubts or not.
    """
    if zone is not None and model is None:
        raise UsageError(f"--zone {zone}: say for which massager, --device MODEL")
    limits = safety_limits.load()
    codes: list[int] = []
    for file in files:
        report = _report(file, model, zone, limits)
        codes.append(report.code)
        if as_json:
            click.echo(json.dumps(_object(report), ensure_ascii=False))
        else:
            _tell(report)
    return next((code for code in (_BAD_INPUT, _REFUSED) if code in codes), 0)


def _report(file: str, model: str | None, zone: str | None, limits: Limits) -> _Report:
    try:
        profile = named.profile(file)
    except (ProfileError, UsageError) as error:
        told = error.told if isinstance(error, ProfileError) else ()
        return _Report(file, mistakes=told, said=str(error))
    barred = tuple(refused(profile, limits))
    return _Report(
        file,
        profile,
        refused=barred,
        doubts=tuple(doubtful(profile, limits)),
        rules=explained(profile, limits),
        massagers=() if barred else _massagers(profile, model, zone, limits),
    )


def _massagers(
    profile: Profile, model: str | None, zone: str | None, limits: Limits
) -> tuple[Finding, ...]:
    if model is None:
        return on_massagers(profile, known_massagers(), limits)
    from devicehub.cli.profiles_played import on_massager  # noqa: PLC0415 - for --device only

    return on_massager(profile, named.massager(model), zone, limits)


def _tell(report: _Report) -> None:
    if report.profile is None:
        click.echo(report.said, err=True)
        return
    for finding in report.refused:
        wrapping.say(f"{report.file}: {finding.at}: {finding.text}", err=True)
    for finding in report.doubts:
        wrapping.say(f"{report.file}: {finding.at}: warning: {finding.text}", err=True)
    if report.refused:
        return
    click.echo(f"{report.file}: ok, {_in_short(report.profile)}")
    for rule in report.rules:
        wrapping.say(rule.text, f"  {rule.id + ':':<14}")
    for finding in report.massagers:
        wrapping.say(f"on {_models(finding.models)}: {finding.text}", "  ")


def _models(models: Iterable[str]) -> str:
    first = [*models]
    rest = len(first) - _MOST_MODELS
    shown = ", ".join(first[:_MOST_MODELS])
    return f"{shown} and {rest} more" if rest > 0 else shown


def _object(report: _Report) -> dict[str, object]:
    mistakes = [each._asdict() for each in report.mistakes]
    if report.profile is None and not mistakes:
        mistakes = [{"line": None, "key": "", "text": report.said}]
    return {
        "file": report.file,
        "ok": report.code == 0,
        "mistakes": mistakes,
        "refused": [asdict(each) for each in report.refused],
        "warnings": [asdict(each) for each in report.doubts],
        "rules": [asdict(each) for each in report.rules],
        "massagers": [asdict(each) for each in report.massagers],
    }


def _in_short(profile: Profile) -> str:
    count = len(profile.phases)
    return f"{text.duration(profile.duration_s)}, {count} {'phase' if count == 1 else 'phases'}"
