"""Aloud: the observer of a session whose handheld is moved by cues, with a voice if wanted."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from devicehub.cli.observers import Observer
from devicehub.cli.request import Request
from devicehub.session.plan import Plan


@contextmanager
def cued(observer: Observer, request: Request, plan: Plan) -> Generator[Observer]:
    """Yield `observer`, told the words of a guide where cues move a handheld.

    Raises:
        UsageError: A voice was asked for and there is none.
    """
    if not plan.guided:
        yield observer
        return
    from devicehub.cli.guiding.cued import Cued  # noqa: PLC0415 - loaded where it is used
    from devicehub.cli.speech import Speaker  # noqa: PLC0415 - as above
    from devicehub.i18n.words import Words  # noqa: PLC0415 - as above
    from devicehub.safety.limits import load_user  # noqa: PLC0415 - as above

    with ExitStack() as stack:
        speaker = stack.enter_context(Speaker(request.language)) if request.speak else None
        say = speaker.say if speaker is not None else _in_silence
        words = Words.of(request.language)
        yield Cued(observer, plan, request.library, load_user(), words, say)


def _in_silence(_words: str) -> None:
    """Say nothing."""
