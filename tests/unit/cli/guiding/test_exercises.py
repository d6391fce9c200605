"""`devicehub exercises`: every step when it is due, in both languages, on virtual time."""

import json

import pytest

from devicehub.cli.guiding.panel import BY_ONESELF, Scene
from devicehub.cli.guiding.session import GuideSession
from devicehub.i18n.words import Words
from devicehub.messages import CommandKind, EndReason
from profiles.guiding import Kind, exercise_guide
from profiles.guiding.phrases import LETTERS_A_SECOND, SAY_S
from profiles.handbook.loader import exercises
from profiles.text import LANGUAGES, Language
from tests.unit.cli import schema
from tests.unit.cli.guiding.test_panel import drawn
from tests.unit.cli.guiding.test_session import play
from tests.unit.cli.shell import here

Capture = pytest.CaptureFixture[str]
GUIDE = exercise_guide(exercises().values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_is_told_on_time_in_both_languages(language: Language, capsys: Capture) -> None:
    said = here(capsys, "exercises", "--speed", "max", "--json", "--language", language)
    assert said.code == 0
    rows = [json.loads(line) for line in said.out.splitlines()]
    told = [row for row in rows if row["kind"] == "instruction"]
    words = Words.of(language)
    assert [row["text"] for row in told] == [words.say(each.phrase) for each in GUIDE.instructions]
    assert [row["t_s"] for row in told] == pytest.approx(
        [each.t_s for each in GUIDE.instructions], abs=0.001
    )
    assert list(schema.faults(told[-2], schema.of_kind("instruction"))) == []


def test_in_a_pipe_it_is_the_lines_of_its_dry_run(capsys: Capture) -> None:
    dry = here(capsys, "exercises", "--dry-run").out.splitlines()
    run = here(capsys, "exercises", "--speed", "max")
    assert run.out.splitlines()[:-1] == dry
    assert "ask a professional first" in run.err
    assert dry[0] == "  0:01  We begin with head tilts."


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_names_and_rounds_are_said_in_their_time(language: Language) -> None:
    words = Words.of(language)
    for each in GUIDE.instructions:
        if not each.phrase.text:
            assert len(words.say(each.phrase)) / LETTERS_A_SECOND <= SAY_S[each.phrase.key]


def test_the_step_of_now_stands_on_the_picture_with_its_seconds() -> None:
    seen: list[list[str]] = []
    late_s = GUIDE.passages[0].start_s + 18.0 * 5 + 6.0  # the sixth round, where steps are not said

    def look(session: GuideSession) -> None:
        scene = Scene(GUIDE, BY_ONESELF, Words.of("en"))
        seen.append(drawn(scene, session.now()))

    summary, _, _ = play({late_s: look, late_s + 1.0: CommandKind.HURTS}, GUIDE)
    picture = "\n".join(seen[0])
    for words in ("Phase 1 of 4: head tilts", "Breathe out, right ear down.", "3 s", "By yourself"):
        assert words in picture
    assert summary.reason is EndReason.DISCOMFORT


def test_n_goes_on_to_the_next_exercise() -> None:
    _, listener, took_s = play({60.0: CommandKind.MOVED}, GUIDE)
    skipped_s = GUIDE.duration_s - took_s
    assert skipped_s == pytest.approx(GUIDE.passages[0].end_s - 60.0)
    assert next(i.kind for t, i in listener.told if t > 60.0) is Kind.PLACE


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
def test_it_fits(size: tuple[int, int]) -> None:
    def look(session: GuideSession) -> None:
        picture = drawn(Scene(GUIDE, BY_ONESELF, Words.of("ru")), session.now(), *size)
        assert len(picture) <= size[1]
        assert max(map(len, picture)) <= size[0]

    play({**dict.fromkeys((0.1, 10.0, 60.0, 500.0), look), 501.0: CommandKind.STOP}, GUIDE)
