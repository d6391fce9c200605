"""`play --watch`: what changes in the file is played, what is wrong in it is told."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devicehub.cli.watching import LOOK_S, Watched, watched
from profiles import loader
from tests.unit.cli.shell import here
from tests.unit.session.stage import STEADY, Stage, stage

OTHER = STEADY.replace("Steady", "Other").replace("0.3", "0.35")
SOON_S = 3 * LOOK_S


@pytest.fixture
async def show(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as playing:
        yield playing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "steady.toml"
    write(path, STEADY)
    return path


def write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def watching(file: Path, show: Stage) -> Watched:
    return Watched(file, loader.load_text(STEADY, "steady"), show.hub)


def reloads(show: Stage) -> tuple[int, int]:
    return len(show.said("reloaded")), len(show.said("not_reloaded"))


async def test_a_file_that_changes_is_played_from_there_on(show: Stage, file: Path) -> None:
    async with watched(file, loader.load(file), show.hub):
        await asyncio.sleep(SOON_S)
        assert (show.snapshot().title, reloads(show)) == ("Steady", (0, 0))
        write(file, OTHER)
        await asyncio.sleep(SOON_S)
        assert (show.snapshot().title, reloads(show)) == ("Other", (1, 0))


async def test_a_mistake_is_told_once_and_the_old_one_goes_on(show: Stage, file: Path) -> None:
    async with watched(file, loader.load(file), show.hub):
        write(file, OTHER.replace("vibration", "vibrate"))
        await asyncio.sleep(5 * SOON_S)
        assert (show.snapshot().title, reloads(show)) == ("Steady", (0, 1))
        (said,) = show.said("not_reloaded")
        assert said.startswith(f"{file}:7: phase[0].technique = ")
        assert said.endswith("(and 1 more)")
        write(file, OTHER)
        await asyncio.sleep(SOON_S)
        assert (show.snapshot().title, reloads(show)) == ("Other", (1, 1))


async def test_what_may_not_be_played_is_told_too(show: Stage, file: Path) -> None:
    async with watched(file, loader.load(file), show.hub):
        write(file, OTHER.replace("rhomboid", "axilla"))
        await asyncio.sleep(SOON_S)
        (said,) = show.said("not_reloaded")
        assert "refused, it names axilla" in said


async def test_what_is_still_being_written_is_not_read(show: Stage, file: Path) -> None:
    watch = watching(file, show)
    for end in range(0, len(OTHER), 40):
        write(file, OTHER[:end])
        watch.look()
    assert reloads(show) == (0, 0)
    write(file, OTHER)
    watch.look()
    watch.look()
    assert reloads(show) == (1, 0)


async def test_a_file_that_is_away_for_a_moment_is_waited_for(show: Stage, file: Path) -> None:
    watch = watching(file, show)
    os.remove(file)  # noqa: PTH107 - a test may wait for its own disk
    watch.look()
    watch.look()
    write(file, OTHER)
    watch.look()
    watch.look()
    assert reloads(show) == (1, 0)


async def test_the_same_size_at_another_time_is_a_change(show: Stage, file: Path) -> None:
    watch = watching(file, show)
    watch.look()
    watch.look()
    write(file, STEADY.replace("0.3", "0.2"))
    os.utime(file, ns=(1, 1))
    watch.look()
    watch.look()
    assert reloads(show) == (1, 0)


async def test_another_comment_is_no_other_profile(show: Stage, file: Path) -> None:
    watch = watching(file, show)
    write(file, f"# softer?\n{STEADY}")
    watch.look()
    watch.look()
    assert reloads(show) == (0, 0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("taster",), "--watch: taster is bundled and stays as it is; give a file"),
        (("FILE", "--speed", "max"), "--watch: nobody writes at --speed max"),
        (("FILE", "--person", "Alex"), "--watch: not over Alex; on simulated massagers only"),
    ],
)
def test_where_nothing_can_be_watched_it_is_refused_in_a_line(
    file: Path, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    named = [str(file) if word == "FILE" else word for word in words]
    said = here(capsys, "play", *named, "--device", "sim:reference-cape", "--watch")
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert said.err.count("\n") == 1


def test_a_real_massager_is_refused(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "play", str(file), "--device", "TactSuitX40", "--watch")
    assert said.code == 4
    assert "say who is under it" in said.err


def test_a_watched_file_is_played_to_its_end(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--device", "sim:reference-cape", "--speed", "9000", "--minutes", "0.2", "--watch")
    said = here(capsys, "play", str(file), *words)
    assert said.code == 0
    assert "reloaded" not in said.out


async def test_a_pipe_in_the_files_place_holds_nothing_up(show: Stage, file: Path) -> None:
    async with watched(file, loader.load(file), show.hub):
        os.unlink(file)  # noqa: PTH108 - as in an editor
        os.mkfifo(file)
        await asyncio.sleep(SOON_S)
        assert (show.snapshot().title, reloads(show)) == ("Steady", (0, 0))
