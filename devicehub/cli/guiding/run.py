"""Running a guide: what was asked for, checked; then a session, its observers, an exit code.

Nothing is driven, so there is no radio, no keeper and nothing to write down. What remains of the
limits: no forbidden zone, half an hour at most, and what the person's answers rule out.
"""

import asyncio
import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import click

from devicehub.cli import named
from devicehub.cli.accounts import glanced_at
from devicehub.cli.exits import seen
from devicehub.cli.guiding.lines import spoken_line
from devicehub.cli.guiding.observers import GuideObserver, observer_of
from devicehub.cli.guiding.panel import Scene
from devicehub.cli.guiding.session import GuideSession
from devicehub.cli.observers import ascii_only
from devicehub.cli.output import Output
from devicehub.cli.speech import Speaker
from devicehub.errors import SafetyRefusal, UsageError
from devicehub.i18n.words import Words
from devicehub.messages import Command, CommandKind, Summary
from devicehub.safety.limits import Limits, load_user
from devicehub.safety.restrictions import UNRESTRICTED, Restrictions
from devicehub.session.plan import Plan
from profiles.guiding import TOOLS, Care, Guide, Instruction, Tool, guide
from profiles.model import Profile
from profiles.text import Language

GUIDE = "guide"
# Hands go where the spine may be stroked very lightly, and stay beside it (profiles.guiding).
_LIGHTLY = ("guarded", "strict")
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGQUIT)


@dataclass(frozen=True, slots=True)
class GuideRequest:
    """The words of the command line; `speed` is None for as fast as possible."""

    profile: str
    tool: str
    language: Language
    minutes: float | None
    person: str | None
    speed: float | None
    virtual: bool
    speak: bool
    bell: bool
    as_json: bool

    def checked(self) -> Guide:
        """Return the guide.

        Raises:
            ProfileError, UsageError: Something is wrong with what was asked for.
            SafetyRefusal: It may not be played, by nobody or not for this person.
        """
        if self.speak and self.virtual:
            raise UsageError("--speak: a voice lives in real time; leave --speed or --speak out")
        limits = load_user()
        profile = named.profile(self.profile)
        Plan(profile, minutes=self.minutes).check(limits)
        answers = UNRESTRICTED if self.person is None else _answers(self.person)
        tool = TOOLS[self.tool]
        found = guide(profile, tool=tool, care=care_of(limits, tool, answers), minutes=self.minutes)
        _refuse(profile, found, limits, answers, self.person)
        return found


def care_of(limits: Limits, tool: Tool, answers: Restrictions = UNRESTRICTED) -> Care:
    """Return where a tool takes care: never where a row of the table, or an answer, is at 0."""
    zones = [limits.zone(zone) for zone in limits.zones]
    never = {zone.id for zone in zones if zone.forbidden} | answers.forbidden
    if tool.stimulus_class is not None:
        never |= {z.id for z in zones if z.caps[tool.stimulus_class].max_intensity == 0.0}
    lightly = {zone.id for zone in zones if zone.tier in _LIGHTLY}
    lightly |= {zone for zone, factor in answers.zone_factor.items() if factor < 1.0}
    return Care(frozenset(never), frozenset(lightly))


def show(request: GuideRequest) -> str:
    """Return everything that would be told, one line each."""
    found = request.checked()
    scene = Scene(found, request.tool, Words.of(request.language))
    lines = [f"warning: {warning}" for warning in found.warnings]
    lines += [spoken_line(each, each.t_s, scene) for each in found.instructions if each.spoken]
    return "\n".join(lines)


def run(request: GuideRequest) -> int:
    """Tell the guide and return the exit code."""
    found = request.checked()
    words = Words.of(request.language)
    scene = Scene(found, request.tool, words, ascii_only())
    for warning in found.warnings:
        click.echo(f"warning: {warning}", err=True)
    if request.person is None:
        click.echo(words.word("before"), err=True)
    with ExitStack() as stack:
        speaker = stack.enter_context(Speaker(request.language)) if request.speak else None
        speed = request.speed if request.virtual else 1.0
        observer = stack.enter_context(
            observer_of(scene, speed, as_json=request.as_json, bell=request.bell)
        )
        with asyncio.Runner(loop_factory=_loop_factory(request)) as runner:
            summary = runner.run(_run(scene, observer, speaker, waits=request.virtual))
        observer.summary(summary)
    return _code(observer.output, summary)


async def _run(
    scene: Scene, observer: GuideObserver, speaker: Speaker | None, *, waits: bool
) -> Summary:
    def tell(instruction: Instruction, at_s: float) -> None:
        observer.told(instruction, at_s)
        if speaker is not None and instruction.spoken:
            speaker.say(scene.words.say(instruction.phrase))

    session = GuideSession(scene.guide, tell, observer.event)
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, session.post, Command(CommandKind.STOP, number.name))
    with observer.keys(session):
        watching = asyncio.create_task(_watch(session, observer, waits=waits))
        try:
            return await session.run()
        finally:
            watching.cancel()
            await asyncio.wait((watching,))


async def _watch(session: GuideSession, observer: GuideObserver, *, waits: bool) -> None:
    """Show the session until cancelled; end it when nobody can see it any more."""
    while observer.output.trouble is None:
        observer.look(session.now())
        if waits and observer.output.crowded:
            await asyncio.to_thread(observer.output.catch_up)
        await asyncio.sleep(observer.look_every_s)
    session.post(Command(CommandKind.STOP, "output closed"))


def _loop_factory(request: GuideRequest) -> Callable[[], asyncio.AbstractEventLoop] | None:
    if not request.virtual:
        return None
    from firmware_sim.clock import VirtualLoop  # noqa: PLC0415 - for --speed only

    return lambda: VirtualLoop(request.speed)


def _answers(person: str) -> Restrictions:
    """Return what the answers of a person take away.

    Raises:
        SafetyRefusal: They are unknown, have not answered, or should not be massaged now.
    """
    account = asyncio.run(glanced_at(person))
    if reasons := account.refusals(frozenset()):
        raise SafetyRefusal("\n".join(reasons))
    return account.restrictions


def _refuse(
    profile: Profile, found: Guide, limits: Limits, answers: Restrictions, person: str | None
) -> None:
    """Refuse what is too long, and what the answers forbid. Raises SafetyRefusal."""
    played_s = found.duration_s - found.lead_s
    longest_s = min(limits.session.max_total_s, answers.max_total_s or limits.session.max_total_s)
    if played_s > longest_s + 1e-6:
        raise SafetyRefusal(
            f"{person or profile.title}: {played_s / 60:.0f} min is too long; at most "
            f"{longest_s / 60:.0f} min: --minutes {longest_s / 60:.0f}"
        )
    refused = sorted(answers.forbidden.intersection(profile.zones))
    if refused:
        raise SafetyRefusal(f"{person}: the answers rule out {', '.join(refused)}")


def _code(output: Output, summary: Summary) -> int:
    if output.trouble is not None:
        click.echo(f"devicehub: {output.trouble}", err=True)
    return seen(summary, output.trouble)
