"""The picture of a guide, at 80 by 24 and smaller, in both languages and in ASCII."""

import io

import pytest
from rich.console import Console

from devicehub.cli.guiding.hands import beat, hands
from devicehub.cli.guiding.panel import Scene, render
from devicehub.cli.guiding.session import Now
from devicehub.i18n.words import Words
from devicehub.messages import SessionState
from profiles import catalogue, loader
from profiles.guiding import TOOLS, Instruction, Kind, Phrase, Side, guide
from profiles.text import LANGUAGES, Language

DESK = loader.load(catalogue.path("desk-break"))


def scene(language: Language = "en", *, ascii_only: bool = False, tool: str = "hands") -> Scene:
    return Scene(guide(DESK, tool=TOOLS[tool]), tool, Words.of(language), ascii_only)


def at(shown: Scene, t_s: float, state: SessionState = SessionState.PLAYING) -> Now:
    past = [each for each in shown.guide.instructions if each.t_s <= t_s]
    ahead = [each for each in shown.guide.instructions if each.t_s > t_s]
    doing = [each for each in past if each.path or each.kind is Kind.REST]
    words = [each for each in past if each.kind not in {Kind.COUNT, Kind.CUE}]
    cues = [each for each in past if each.kind is Kind.CUE]
    return Now(
        t_s,
        state,
        doing[-1] if doing else None,
        words[-1] if words else None,
        cues[-1] if cues else None,
        0,
        ahead[0] if ahead else None,
    )


def drawn(shown: Scene, now: Now, width: int = 80, height: int = 24, said: str = "") -> list[str]:
    console = Console(file=io.StringIO(), width=width, height=height, force_terminal=False)
    with console.capture() as captured:
        console.print(render(now, shown, said, width, height))
    return captured.get().splitlines()


@pytest.mark.parametrize("t_s", [0.0, 12.0, 60.0, 135.0, 262.0, 309.0])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "height"), [(80, 24), (40, 12)])
def test_it_fits(width: int, height: int, language: Language, t_s: float) -> None:
    shown = scene(language)
    picture = drawn(shown, at(shown, t_s), width, height, said="good")
    assert len(picture) <= height
    assert max(map(len, picture)) <= width
    assert "q " in picture[-1] + picture[-2]


def test_a_stroke_shows_its_way_and_both_hands() -> None:
    shown = scene()
    picture = "\n".join(drawn(shown, at(shown, 14.0)))
    assert "Phase 1 of 3: stroking" in picture
    assert "Glide up beside the spine" in picture
    assert "3 centimetres a second" in picture
    assert picture.count("●") == 2
    assert {"↑", "↓", "→", "←"} <= set(picture)


def test_in_russian_all_of_it_is_russian() -> None:
    shown = scene("ru")
    rows = drawn(shown, at(shown, 14.0))
    assert shown.words.text(DESK.title) in rows[0]
    assert shown.words.text(DESK.title) != DESK.title
    assert "пробел пауза" in rows[-2]
    assert "Поясница, вдоль позвоночника +2" in rows[2]


def test_ascii_is_ascii() -> None:
    shown = scene(ascii_only=True)
    for t_s in (0.0, 14.0, 135.0):
        assert "\n".join(drawn(shown, at(shown, t_s), said="good")).isascii()


def test_one_hand_is_drawn_on_its_side() -> None:
    shown = scene(tool="roller")
    rows = drawn(shown, at(shown, 14.0))
    spine = rows[10].index("┊")
    marks = [row.index("●") for row in rows if "●" in row]
    assert len(marks) == 1
    assert marks[0] > spine


@pytest.mark.parametrize(("language", "key"), [("en", "d unpleasant"), ("ru", "d неприятно")])
def test_all_keys_are_in_one_row(language: Language, key: str) -> None:
    shown = scene(language)
    row = drawn(shown, at(shown, 14.0))[-2]
    assert key in row
    assert "q " in row


@pytest.mark.parametrize(("language", "label"), [("en", ": a pause"), ("ru", ": пауза")])
def test_a_silent_phase_is_called_a_pause(language: Language, label: str) -> None:
    first = guide(loader.load(catalogue.path("first-time")))
    shown = Scene(first, "hands", Words.of(language))
    now = at(shown, first.passages[1].start_s + 1.0)
    rows = drawn(shown, now)
    assert any(label in row for row in rows)
    assert not any("●" in row for row in rows)


def test_a_pause_and_the_way_on_are_said() -> None:
    shown = scene()
    paused = drawn(shown, at(shown, 14.0, SessionState.PAUSED))
    assert any("PAUSED - press space to go on" in row for row in paused)


def test_while_the_place_is_found_it_says_when_not_to() -> None:
    shown = scene()
    assert any("open wounds" in row for row in drawn(shown, at(shown, 0.0)))
    assert not any("open wounds" in row for row in drawn(shown, at(shown, 14.0)))


def told(
    kind: Kind,
    path: tuple[tuple[float, float], ...],
    side: Side = Side.BOTH,
    speed_cm_s: float | None = None,
    rate_hz: float | None = None,
) -> Instruction:
    return Instruction(
        10.0,
        kind,
        Phrase("rubbing"),
        path=path,
        side=side,
        speed_cm_s=speed_cm_s,
        rate_hz=rate_hz,
    )


def test_a_hand_is_where_the_speed_has_brought_it() -> None:
    stroke = told(Kind.MOVE, ((4.0, 10.0), (4.0, 40.0)), speed_cm_s=3.0, side=Side.RIGHT)
    assert hands(stroke, 15.0) == [((4.0, 25.0), True)]


def test_rubbing_hands_go_in_turn_and_back_in_the_air() -> None:
    rub = told(Kind.MOVE, ((12.0, 20.0), (4.0, 20.0)), speed_cm_s=8.0, rate_hz=0.5)
    (right, right_on), (left, left_on) = hands(rub, 10.5)
    assert (right, right_on) == ((8.0, 20.0), True)
    assert (left, left_on) == ((-8.0, 20.0), False)


def test_a_released_hand_does_not_touch() -> None:
    assert hands(told(Kind.RELEASE, ((4.0, 20.0),), side=Side.LEFT), 11.0) == [
        ((-4.0, 20.0), False)
    ]


def test_the_beat_goes_on_in_fours() -> None:
    tap = told(Kind.PLACE, ((4.0, 20.0),), rate_hz=2.0)
    assert [beat(tap, 10.0 + n / 2.0) for n in range(5)] == [0, 1, 2, 3, 0]
    assert beat(told(Kind.PLACE, ((4.0, 20.0),)), 10.0) == -1
