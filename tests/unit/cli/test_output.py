"""The output: a reader that is slow, stands still or goes away never holds up whoever writes."""

import io
import os
import pty
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from devicehub.cli import output
from devicehub.cli.output import CLOSED, MOST_WAITING, NOBODY_READS, Output, same_file
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.wallclock

FULL_PIPE = "x" * 70_000  # Linux pipes hold 65536 bytes


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a reader as long as a busy machine may take."""
    monkeypatch.setattr(output, "QUIET_S", PATIENCE_S)
    monkeypatch.setattr(output, "CLOSING_S", PATIENCE_S)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch, patient: None) -> None:
    """Take a reader soon for one that stands still."""
    monkeypatch.setattr(output, "QUIET_S", 0.2)


@pytest.fixture
def pipe() -> Iterator[tuple[int, TextIO]]:
    ours, theirs = os.pipe()
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        yield ours, stream
    os.close(ours)


def read(fd: int, size: int) -> str:
    got = b""
    while len(got) < size and (piece := os.read(fd, 65536)):
        got += piece
    return got.decode()


def test_words_arrive_in_the_order_in_which_they_were_said(pipe: tuple[int, TextIO]) -> None:
    with Output(pipe[1]) as out:
        for number in range(100):
            out.say(lambda number=number: f"{number} ")
    assert out.trouble is None
    assert read(pipe[0], 290).split() == [str(number) for number in range(100)]


def test_a_stream_without_a_file_takes_words_too() -> None:
    stream = io.StringIO()
    with Output(stream) as out:
        out.say(lambda: "said")
    assert stream.getvalue() == "said"


@pytest.mark.usefixtures("hasty")
def test_saying_never_waits_and_closing_gives_up_on_a_reader_that_stands_still(
    pipe: tuple[int, TextIO],
) -> None:
    out = Output(pipe[1])
    out.say(lambda: FULL_PIPE)
    for _ in range(100):
        out.say(lambda: "unread")
    assert out.trouble is None
    out.close()
    assert out.trouble == NOBODY_READS


@pytest.mark.usefixtures("hasty")
def test_too_much_that_waits_is_trouble_and_not_a_gap(pipe: tuple[int, TextIO]) -> None:
    out = Output(pipe[1])
    for number in range(2000):
        out.say(lambda number=number: f"{number} ".ljust(1000))
        if out.trouble:
            break
    assert out.trouble == NOBODY_READS
    out.close()
    numbers = [int(word) for word in read(pipe[0], 60_000).split()]
    assert numbers == list(range(len(numbers)))


def test_a_reader_that_is_slow_gets_everything(pipe: tuple[int, TextIO]) -> None:
    out = Output(pipe[1])
    out.say(lambda: FULL_PIPE)
    for _ in range(MOST_WAITING - 1):
        out.say(lambda: "x" * 100)
    assert len(read(pipe[0], 70_000 + (MOST_WAITING - 1) * 100)) > 70_000
    out.close()
    assert out.trouble is None


def test_whoever_can_wait_may_wait_for_a_slow_reader(pipe: tuple[int, TextIO]) -> None:
    with Output(pipe[1]) as out:
        out.say(lambda: FULL_PIPE)
        for _ in range(MOST_WAITING - 1):
            out.say(lambda: "")
        assert out.crowded
        assert read(pipe[0], len(FULL_PIPE)) == FULL_PIPE
        out.catch_up()
        assert not out.crowded
        assert out.trouble is None


@pytest.mark.usefixtures("hasty")
def test_waiting_for_a_reader_that_stands_still_ends(pipe: tuple[int, TextIO]) -> None:
    out = Output(pipe[1])
    out.say(lambda: FULL_PIPE)
    for _ in range(MOST_WAITING - 1):
        out.say(lambda: "unread")
    out.catch_up()
    assert out.trouble == NOBODY_READS
    out.close()


def test_of_the_pictures_only_the_newest_waits(pipe: tuple[int, TextIO]) -> None:
    drawn: list[int] = []

    def draw(number: int) -> str:
        drawn.append(number)
        return f"picture {number}"

    out = Output(pipe[1])
    out.say(lambda: FULL_PIPE)
    for number in range(1000):
        out.show(lambda number=number: draw(number))
    out.say(lambda: "the end")
    said = read(pipe[0], 70_000 + len("picture 999the end"))
    out.close()
    assert said.endswith("xpicture 999the end")
    assert drawn == [999]


def test_a_reader_that_has_left_is_trouble(pipe: tuple[int, TextIO]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        out = Output(stream)
        out.say(lambda: "unheard")
        out.close()
    assert out.trouble == CLOSED


def test_a_full_disk_is_trouble_that_is_named() -> None:
    with open("/dev/full", "w", encoding="utf-8") as stream:  # noqa: PTH123 - no file is meant
        out = Output(stream)
        out.say(lambda: "unwritten")
        out.close()
        assert out.trouble == "the output cannot be written: No space left on device"


def broken_picture() -> str:
    raise KeyError("colour")


def test_what_cannot_be_drawn_is_trouble_and_the_rest_is_still_written(
    pipe: tuple[int, TextIO],
) -> None:
    with Output(pipe[1]) as out:
        out.show(broken_picture)
        out.say(lambda: "the terminal as it was")
    assert out.trouble == "nothing can be shown: KeyError: 'colour'"
    assert read(pipe[0], 22) == "the terminal as it was"


def test_letters_that_the_terminal_lacks_are_replaced(pipe: tuple[int, TextIO]) -> None:
    with os.fdopen(os.dup(pipe[1].fileno()), "w", encoding="ascii") as plain, Output(plain) as out:
        out.say(lambda: "Rücken")
    assert read(pipe[0], 6) == "R?cken"


@pytest.mark.usefixtures("hasty")
def test_a_terminal_that_nobody_reads_holds_nobody_up() -> None:
    ours, theirs = pty.openpty()
    try:
        with os.fdopen(theirs, "w", encoding="utf-8") as stream:
            out = Output(stream)
            for _ in range(200):
                out.say(lambda: "x" * 1000)
                time.sleep(0)
            out.close()
            assert out.trouble == NOBODY_READS
    finally:
        os.close(ours)


def test_two_streams_of_one_file_have_one_reader(pipe: tuple[int, TextIO]) -> None:
    with os.fdopen(os.dup(pipe[1].fileno()), "w", encoding="utf-8") as twin:
        assert same_file(pipe[1], twin)
    with Path(os.devnull).open("w", encoding="utf-8") as other:
        assert not same_file(pipe[1], other)
    assert not same_file(pipe[1], io.StringIO())
