"""The hub's end of the pipe to one keeper: questions with answers, and what it says unasked."""

import asyncio
from collections.abc import Callable

from devicehub import errors
from devicehub.errors import HubError, LinkLost, RadioError
from devicehub.keeper.keeper import HEARTBEAT_LIMIT_S, HEARTBEAT_S
from devicehub.keeper.process import FarEnd
from devicehub.keeper.protocol import (
    Alive,
    Answer,
    Beat,
    Failed,
    Message,
    NotAMessageError,
    Question,
    from_line,
    to_line,
)

# A keeper that leaves says that it lives until its last stop was answered or given up, and is
# waited for; one that hangs is not. What that one leaves stands on disk (`keeper.standing`).
EXIT_SILENCE_S = 15.0
GONE = "the keeper is gone"


class Pipe:
    """The pipe to one keeper."""

    def __init__(
        self,
        far: FarEnd,
        on_said: Callable[[Message], None],
        on_gone: Callable[[], None],
    ) -> None:
        self._far = far
        self._on_said = on_said
        self._on_gone = on_gone
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._seq = 0
        self._heard_s = asyncio.get_running_loop().time()
        self._looked_s = self._heard_s
        self._quiet_s: float | None = (
            None  # until its first word: it takes a second or two to start
        )
        self._stirred: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._reader = asyncio.create_task(self._read())

    async def wakes(self, within_s: float) -> bool:
        """Say a first word to a keeper that waits, and return whether it answers in time."""
        self.tell(Beat({}, {}))
        await asyncio.wait((self._stirred,), timeout=within_s)
        self._quiet_s = None  # it opens its air now, which takes its time as in a new one
        return self._stirred.done() and not self._reader.done()

    def next_seq(self) -> int:
        """Return a number for the next question."""
        self._seq += 1
        return self._seq

    @property
    def silent(self) -> bool:
        """Whether the keeper is gone or has not been heard for too long."""
        hangs = self._quiet_s is not None and self._quiet_s > HEARTBEAT_LIMIT_S
        return hangs or self._reader.done()

    def look(self) -> None:
        """Count how long the keeper has been quiet; called several times a heartbeat.

        Time in which this process itself stood still counts for one heartbeat at most: what the
        keeper said meanwhile has not been read.
        """
        now_s = asyncio.get_running_loop().time()
        if self._quiet_s is not None:
            self._quiet_s += min(now_s - self._looked_s, HEARTBEAT_S)
        self._looked_s = now_s

    def tell(self, message: Message) -> None:
        """Say something that needs no answer."""
        if not self._reader.done():
            self._far.write(to_line(message))

    def ask(self, question: Question) -> "asyncio.Future[Answer]":
        """Ask something and return the future answer."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        if self.silent:
            answer.set_result(Failed(question.seq, "LinkLost", GONE))
        else:
            self._waiting[question.seq] = answer
            answer.add_done_callback(lambda _: self._waiting.pop(question.seq))
        self.tell(question)  # one that hangs and wakes up again shall do it all the same
        return answer

    async def answered(self, question: Question, timeout_s: float) -> Answer:
        """Ask something and return the answer. Raises the error that the keeper names."""
        return await self.answer(self.ask(question), timeout_s)

    async def answer(self, answer: "asyncio.Future[Answer]", timeout_s: float) -> Answer:
        """Return the answer to what was asked. Raises the error that the keeper names."""
        try:
            async with asyncio.timeout(timeout_s):
                said = await answer
        except TimeoutError:
            raise RadioError("the keeper did not answer") from None
        if isinstance(said, Failed):
            raise _named(said)
        return said

    async def _read(self) -> None:
        try:
            while line := await self._far.readline():
                self._heard_s, self._quiet_s = asyncio.get_running_loop().time(), 0.0
                self._stir()
                self._hear(from_line(line))
        except (NotAMessageError, ConnectionError, ValueError):
            pass  # a keeper that talks nonsense counts as a keeper that is gone
        finally:
            self._stir()
            self.give_up()
            self._on_gone()

    def _stir(self) -> None:
        if not self._stirred.done():
            self._stirred.set_result(None)

    def give_up(self) -> None:
        """Answer whoever waits: the keeper will not."""
        for seq, answer in self._waiting.items():
            if not answer.done():
                answer.set_result(Failed(seq, "LinkLost", GONE))

    def _hear(self, message: Message) -> None:
        if isinstance(message, Answer):
            answer = self._waiting.get(message.seq)
            if answer is not None and not answer.done():
                answer.set_result(message)
        elif not isinstance(message, Alive):
            self._on_said(message)

    async def close(self, *, at_once: bool = False) -> None:
        """Close the pipe: the keeper stops whatever it still has, and ends.

        It is not ended while it lives: it may be writing stop to a massager that does not answer.
        Unless `at_once`: it hangs, or a person has given up.
        """
        self._far.close()
        clock = asyncio.get_running_loop().time
        ending = asyncio.create_task(self._far.wait())
        while not at_once and (left_s := self._heard_s + EXIT_SILENCE_S - clock()) > 0:
            if ending.done():
                break
            await asyncio.wait((ending,), timeout=left_s)
        if not ending.done():
            self._far.kill()
        await ending
        await asyncio.wait((self._reader,))


def _named(failed: Failed) -> HubError:
    """Return the error of errors.py that the keeper named."""
    kind = getattr(errors, failed.error, RadioError)
    if isinstance(kind, type) and issubclass(kind, HubError):
        return kind(failed.text)
    return LinkLost(failed.text)
