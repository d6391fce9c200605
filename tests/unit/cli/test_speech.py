"""Cues said aloud by a real program on PATH: in order, the newest first, nothing left behind."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from devicehub.cli.speech import NO_PROGRAM, PROGRAMS, Speaker
from devicehub.errors import UsageError
from tests.patience import until

pytestmark = pytest.mark.wallclock

# Writes its process and words down, and "speaks" until somebody lets it end.
VOICE = """#!/bin/sh
echo "$$ $*" >> "$SAID"
while [ ! -e "$SAID.end" ]; do sleep 0.01; done
"""
# Takes no notice of signals, and neither does what it starts.
DEAF_VOICE = """#!/bin/sh
trap '' TERM HUP INT
sleep 60 &
echo "$$ $*" >> "$SAID"
echo "$! child" >> "$SAID"
while :; do sleep 0.01; done
"""


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a voice on PATH; return the file in which it says what it said."""
    voice, heard = tmp_path / "bin" / "espeak-ng", tmp_path / "said"
    voice.parent.mkdir()
    voice.write_text(VOICE, encoding="utf-8")
    voice.chmod(voice.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{voice.parent}{os.pathsep}/bin{os.pathsep}/usr/bin")
    monkeypatch.setenv("SAID", str(heard))
    monkeypatch.setattr(
        "devicehub.cli.speech.PROGRAMS", {"espeak-ng": PROGRAMS["espeak-ng"]}, raising=True
    )
    return heard


def words(heard: Path) -> list[str]:
    lines = heard.read_text(encoding="utf-8").splitlines() if heard.exists() else []
    return [line.split(" ", 1)[1] for line in lines]


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def has_ended(process: int) -> bool:
    """Say whether a process of nobody's has ended; one that nobody waits for may stay listed."""
    shown = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)],
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.strip()[:1] in ("", "Z")


def test_the_newest_cue_replaces_one_that_waits(said: Path) -> None:
    with Speaker("ru") as speaker:
        speaker.say("one")
        until(lambda: words(said), "nothing is said")
        speaker.say("two")
        speaker.say("--three")
        Path(f"{said}.end").touch()
        until(lambda: len(words(said)) == 2, "not both are said")
    assert words(said) == ["-v ru -- one", "-v ru -- --three"]


def test_nothing_outlives_the_session(said: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devicehub.cli.speech.LAST_WORDS_S", 0.05)
    with Speaker("en") as speaker:
        speaker.say("a very long cue")
        until(lambda: words(said), "nothing is said")
    process = int(said.read_text(encoding="utf-8").split()[0])
    assert not is_alive(process)


def test_a_voice_that_hears_no_signal_ends_with_all_it_started_and_no_cue_follows(
    said: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devicehub.cli.speech.LAST_WORDS_S", 0.05)
    (said.parent / "bin" / "espeak-ng").write_text(DEAF_VOICE, encoding="utf-8")
    with Speaker("en") as speaker:
        speaker.say("a very long cue")
        until(lambda: len(words(said)) == 2, "not both are said")
        speaker.say("one that waits")
    speaker.say("one that comes too late")
    assert words(said) == ["-v en -- a very long cue", "child"]
    voice, child = (int(line.split()[0]) for line in said.read_text("utf-8").splitlines())
    assert not is_alive(voice)
    until(lambda: has_ended(child), "it speaks on")


def test_without_a_voice_it_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="install espeak-ng") as refused:
        Speaker("en")
    assert str(refused.value) == NO_PROGRAM


@pytest.mark.parametrize("program", PROGRAMS)
def test_words_are_never_an_option(program: str) -> None:
    command = list(PROGRAMS[program]("ru", "-x"))
    assert command[0] == program
    assert command[-2:] == ["--", "-x"]
