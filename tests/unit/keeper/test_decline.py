"""A keeper without an air: it tells whoever asks, and ends with its pipe."""

import asyncio

import pytest

from devicehub.errors import RadioError, UsageError
from devicehub.keeper.keeper import decline
from devicehub.keeper.protocol import (
    Beat,
    Connect,
    Failed,
    Message,
    Resume,
    Stop,
    from_line,
    to_line,
)

ERROR = UsageError("unix:/air: nobody is there")


async def declined(*told: Message | bytes, error: RadioError | UsageError = ERROR) -> list[Message]:
    """Tell a keeper without an air all this, close its pipe, and return what it said."""
    reader, said = asyncio.StreamReader(), list[Message]()
    for one in told:
        reader.feed_data(one if isinstance(one, bytes) else to_line(one))
    reader.feed_eof()
    await decline(reader, lambda line: said.append(from_line(line)), error)
    return said


async def test_whoever_asks_is_told_why_there_is_nothing() -> None:
    assert await declined(Connect(7, "it", 1.0), Stop(8, "it")) == [
        Failed(7, "UsageError", "unix:/air: nobody is there"),
        Failed(8, "UsageError", "unix:/air: nobody is there"),
    ]
    said = await declined(Connect(7, "it", 1.0), error=RadioError("no adapter"))
    assert said == [Failed(7, "RadioError", "no adapter")]


async def test_a_heartbeat_asks_for_nothing_and_a_wish_without_number_is_no_question() -> None:
    assert await declined(Beat({}, {})) == []
    assert await declined(Resume("it", 1)) == [Failed(0, "UsageError", str(ERROR))]


@pytest.mark.parametrize("junk", [b"nonsense\n", b"x" * 200_000])
async def test_nonsense_is_taken_for_a_hub_that_is_gone(junk: bytes) -> None:
    assert await declined(junk, Stop(1, "it")) == []


async def test_a_pipe_that_breaks_is_the_end() -> None:
    reader = asyncio.StreamReader()
    reader.set_exception(ConnectionResetError())
    await decline(reader, lambda _: None, ERROR)
