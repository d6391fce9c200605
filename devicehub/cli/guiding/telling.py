"""Telling: a guide told in its time, to whoever follows it; how is said by a Manner."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import click

from devicehub.cli.exits import seen
from devicehub.cli.guiding.observers import GuideObserver, observer_of
from devicehub.cli.guiding.panel import Scene
from devicehub.cli.guiding.session import GuideSession
from devicehub.cli.output import Output
from devicehub.cli.request import on_terminal
from devicehub.cli.speech import Speaker
from devicehub.errors import UsageError
from devicehub.messages import Command, CommandKind, Summary
from profiles.guiding import Instruction
from profiles.text import Language

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGQUIT)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a guide is told.

    Attributes:
        language: In which language.
        speed: Times real time; None for as fast as possible.
        virtual: Time is not real.
        speak: Aloud too.
        bell: The terminal rings the beat.
        as_json: As objects for machines.
    """

    language: Language
    speed: float | None
    virtual: bool
    speak: bool
    bell: bool
    as_json: bool

    def check(self) -> None:
        """Refuse a voice in a time that is not real. Raises UsageError."""
        if self.speak and self.virtual:
            raise UsageError("--speak: a voice lives in real time; leave --speed or --speak out")

    @property
    def on_screen(self) -> bool:
        """Whether somebody follows on a terminal, in their own time."""
        return not (self.as_json or self.virtual) and on_terminal()


def told(scene: Scene, manner: Manner) -> int:
    """Tell the guide of a scene to its end and return the exit code.

    Raises:
        UsageError: A voice was asked for and there is none.
    """
    with ExitStack() as stack:
        speaker = stack.enter_context(Speaker(manner.language)) if manner.speak else None
        speed = manner.speed if manner.virtual else 1.0
        observer = stack.enter_context(
            observer_of(scene, speed, as_json=manner.as_json, bell=manner.bell)
        )
        with asyncio.Runner(loop_factory=_loop_factory(manner)) as runner:
            summary = runner.run(_run(scene, observer, speaker, waits=manner.virtual))
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


def _loop_factory(manner: Manner) -> Callable[[], asyncio.AbstractEventLoop] | None:
    if not manner.virtual:
        return None
    from firmware_sim.clock import VirtualLoop  # noqa: PLC0415 - for --speed only

    return lambda: VirtualLoop(manner.speed)


def _code(output: Output, summary: Summary) -> int:
    if output.trouble is not None:
        click.echo(f"devicehub: {output.trouble}", err=True)
    return seen(summary, output.trouble)
