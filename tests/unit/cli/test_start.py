"""`devicehub start` and `tell`: what they say to the service, and what becomes of its answer."""

import asyncio
import json
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from devicehub.session.listening import Listening
from tests.unit.cli.shell import Said, here

pytestmark = pytest.mark.wallclock

OK = {"ok": True, "code": "ok", "detail": "", "session": "abc"}


class Answering:
    """A service that has one answer for everything but who it is."""

    def __init__(self, answer: dict[str, Any], serves: object = ("seat",)) -> None:
        self.asked: list[dict[str, object]] = []
        self._answer, self._serves = answer, serves

    async def answer(self, request: dict[str, object]) -> dict[str, object]:
        if request == {"op": "who"}:
            return {"devices": []} if self._serves is None else {"serves": self._serves}
        self.asked.append(request)
        return self._answer


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="dh-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        monkeypatch.setenv("XDG_STATE_HOME", folder)
        yield Path(folder)


async def said(capsys: pytest.CaptureFixture[str], service: Answering, *words: str) -> Said:
    async with Listening(service.answer):
        return await asyncio.to_thread(here, capsys, *words)


async def test_what_was_asked_for_is_said_and_nothing_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    service = Answering(OK)
    done = await said(capsys, service, "start", "taster", "--device", "a", "--device", "b")
    assert (done.code, done.out) == (0, "session abc begins; stop it with: devicehub stop\n")
    words = ("--person", "Alex", "--zone", "rhomboid", "--minutes", "2", "--ceiling", "0.5")
    done = await said(capsys, service, "start", "own.toml", *words, "--json")
    assert '"session": "abc"' in done.out
    await said(capsys, service, "start")
    done = await said(capsys, service, "tell", "ceiling", "0.2", "--device", "a")
    assert (done.code, done.out) == (0, "the ceiling is 20%\n")
    assert (await said(capsys, service, "tell", "pause")).out == "paused\n"
    assert (await said(capsys, service, "tell", "moved", "--json")).out == f"{json.dumps(OK)}\n"
    assert service.asked == [
        {"op": "start", "devices": ["a", "b"], "ceiling": 1.0, "profile": "taster"},
        {
            "op": "start",
            "devices": [],
            "ceiling": 0.5,
            "profile": str(tmp_path / "own.toml"),
            "person": "Alex",
            "zone": "rhomboid",
            "minutes": 2.0,
        },
        {"op": "start", "devices": [], "ceiling": 1.0},
        {"op": "ceiling", "level": 0.2, "device": "a"},
        {"op": "pause"},
        {"op": "moved"},
    ]


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        ("refused", 4),
        ("not_lower", 4),
        ("bad_request", 2),
        ("unknown_device", 2),
        ("busy", 1),
        ("ending", 1),
    ],
)
async def test_a_no_is_told_with_its_reason_and_the_exit_code_of_its_kind(
    code: str, exit_code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = {"ok": False, "code": code, "detail": "because", "session": None}
    done = await said(capsys, Answering(answer), "start")
    assert (done.code, done.out, done.err) == (exit_code, "", "devicehub: because\n")


@pytest.mark.parametrize("words", [("start", "taster"), ("tell", "pause")])
async def test_without_a_service_there_is_nobody_to_ask(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    alone = await asyncio.to_thread(here, capsys, *words)
    beside_a_session = await said(capsys, Answering(OK, serves=None), *words)
    for done in (alone, beside_a_session):
        assert (done.code, done.err) == (1, "devicehub: no service runs: devicehub serve\n")


async def test_a_service_that_answers_nothing_sensible_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = await said(capsys, Answering({}), "start")
    assert (done.code, done.err) == (1, "devicehub: the service does not answer\n")


@pytest.mark.parametrize(
    "words", [("ceiling",), ("pause", "0.5"), ("louder",), ("ceiling", "1.5"), ("ceiling", "nan")]
)
def test_words_that_make_no_sense_are_refused(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert here(capsys, "tell", *words).code == 2
