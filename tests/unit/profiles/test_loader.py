"""Reading profiles: what is accepted, and how mistakes are told."""

from collections.abc import Mapping
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles import catalogue
from profiles.errors import ProfileError
from profiles.loader import LARGEST_BYTES, MOST_MISTAKES, TOO_LONG, load, load_text
from profiles.model import Profile
from tests.every import every_row

HEAD = """title = "Desk break"
summary = "Five easy minutes."
posture = "seated"
intent = "wellness"
"""
PHASE = """
[[phase]]
technique = "stroking"
zones = ["rhomboid"]
minutes = 2
level = 0.25
"""

LEVEL = "a number from 0 to 1, or two of them: [at the start, at the end]"
SECONDS = "a number of seconds from 5 to 1800"
CIRCLES = "a whole number from 1 to 100, or leave it out"
ZONES = 'a list of zones, such as ["rhomboid"]'
NO_ZONE = "there is no such zone"
NO_TECHNIQUE = "there is no such technique"
TECHNIQUES = "stroking, rubbing, kneading, pinching, rolling, hold, vibration, tapping, envelope"
TWICE = "names rhomboid twice; name each zone once"
KEYS = (
    "there are title, summary, purpose, posture, intent, preparation, suits, gentle, walking_safe, "
    "phase"
)
FIRST = "a massage begins with stroking; make it the first phase"
ORDER = (
    "kneading comes before vibration; the order is stroking, rubbing, "
    "kneading (with pinching, rolling), vibration, tapping"
)


def mistakes(text: str) -> list[str]:
    with pytest.raises(ProfileError) as told:
        load_text(text, "desk.toml")
    return str(told.value).splitlines()


def mistakes_in_phase(**changes: str | None) -> list[str]:
    keys: dict[str, str | None] = {
        "technique": '"stroking"',
        "zones": '["rhomboid"]',
        "minutes": "2",
        "level": "0.25",
    } | changes
    lines = [f"{key} = {value}" for key, value in keys.items() if value is not None]
    return mistakes(HEAD + "[[phase]]\n" + "\n".join(lines))


def test_a_profile_is_read_as_it_is_written() -> None:
    profile = load_text(
        HEAD
        + PHASE
        + 'speed_cm_s = 4\nreturn_zones = ["latissimus"]\ncue = "Let go."\n'
        + '[[phase]]\ntechnique = "kneading"\nzones = ["rhomboid", "gluteal"]\nseconds = 30\n'
        + "level = [0.3, 0.45]\nrate_hz = 0.3\n",
        "desk.toml",
    )
    stroking, kneading = profile.phases
    assert (profile.title, profile.posture, profile.duration_s) == ("Desk break", "seated", 150.0)
    assert (stroking.technique, stroking.level, stroking.cue) == (
        "stroking",
        (0.25, 0.25),
        "Let go.",
    )
    assert (kneading.level, kneading.duration_s) == ((0.3, 0.45), 30.0)
    assert profile.zones == ("rhomboid", "latissimus", "gluteal")


def test_a_forbidden_zone_is_the_limits_business_and_is_read() -> None:
    assert load_text(HEAD + PHASE.replace("rhomboid", "head_face"), "x").zones == ("head_face",)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert load_text("\ufeff" + HEAD + PHASE, "x").title == "Desk break"


@every_row(
    [
        (
            {"level": "1.7"},
            f"desk.toml:9: phase[0].level = 1.7: must be {LEVEL}",
        ),
        (
            {"level": "[0.1]"},
            f"desk.toml:9: phase[0].level = [0.1]: must be {LEVEL}",
        ),
        (
            {"level": '"strong"'},
            f'desk.toml:9: phase[0].level = "strong": must be {LEVEL}',
        ),
        (
            {"level": "{ at = 1 }"},
            "desk.toml:9: phase[0].level = {...}: must be " + LEVEL,
        ),
        (
            {"level": None},
            f"desk.toml:5: phase[0].level is missing: give {LEVEL}",
        ),
        (
            {"minutes": "nan"},
            "desk.toml:8: phase[0].minutes = nan: must be a number of minutes from 0.1 to 30",
        ),
        (
            {"minutes": "true"},
            "desk.toml:8: phase[0].minutes = true: must be a number of minutes from 0.1 to 30",
        ),
        (
            {"minutes": "31"},
            "desk.toml:8: phase[0].minutes = 31: must be a number of minutes from 0.1 to 30",
        ),
        (
            {"minutes": None, "seconds": "-inf"},
            f"desk.toml:9: phase[0].seconds = -inf: must be {SECONDS}",
        ),
        (
            {"minutes": None},
            "desk.toml:5: phase[0] has no length; give either minutes or seconds",
        ),
        (
            {"seconds": "30"},
            "desk.toml:5: phase[0] has both minutes and seconds; give either minutes or seconds",
        ),
        (
            {"speed_cm_s": "3", "circles": "6"},
            "desk.toml:5: phase[0] has both circles and speed_cm_s; give one of them",
        ),
        (
            {"circles": "2.5"},
            f"desk.toml:10: phase[0].circles = 2.5: must be {CIRCLES}",
        ),
        (
            {"lvl": "1"},
            'desk.toml:10: phase[0].lvl: there is no such key; did you mean "level"?',
        ),
        (
            {"zones": '["rhomboid", "rhomboit"]'},
            f'desk.toml:7: phase[0].zones[1] = "rhomboit": {NO_ZONE}; did you mean "rhomboid"?',
        ),
        (
            {"zones": '["rhomboid", "rhomboid"]'},
            f'desk.toml:7: phase[0].zones = ["rhomboid", "rhomboid"]: {TWICE}',
        ),
        (
            {"zones": "[]"},
            f"desk.toml:7: phase[0].zones = []: must be {ZONES}",
        ),
        (
            {"zones": '[["rhomboid"], 1, 2, 3, 4]'},
            f'desk.toml:7: phase[0].zones[0] = ["rhomboid"]: must be {ZONES}',
        ),
        (
            {"technique": '"stro"'},
            f'desk.toml:6: phase[0].technique = "stro": {NO_TECHNIQUE}; did you mean "stroking"?',
        ),
        (
            {"technique": "[1]"},
            f"desk.toml:6: phase[0].technique = [1]: {NO_TECHNIQUE}; there are {TECHNIQUES}",
        ),
        (
            {"technique": None},
            f"desk.toml:5: phase[0].technique is missing: give one of {TECHNIQUES}",
        ),
    ]
)
def test_a_mistake_in_a_phase_names_line_key_value_and_what_is_right(
    changes: Mapping[str, str | None], told: str
) -> None:
    assert mistakes_in_phase(**changes)[0] == told


@every_row(
    [
        (
            HEAD.replace("seated", "lying") + PHASE,
            'desk.toml:3: posture = "lying": must be "seated", "prone", "supine" or "standing"',
        ),
        (
            HEAD.replace('"wellness"', '"sport"') + PHASE,
            'desk.toml:4: intent = "sport": must be "wellness"; there is nothing else',
        ),
        (
            HEAD.replace('"Desk break"', "1979-05-27") + PHASE,
            "desk.toml:1: title = 1979-05-27: must be a short name, at most 80 characters",
        ),
        (
            HEAD.replace("Desk break", "") + PHASE,
            'desk.toml:1: title = "": must be a short name, at most 80 characters',
        ),
        (
            HEAD.replace("Desk break", "x" * 99) + PHASE,
            f'desk.toml:1: title = "{"x" * 40}...": must be a short name, at most 80 characters',
        ),
        (HEAD, "desk.toml: phase is missing: give one to 100 [[phase]] tables"),
        (HEAD + "phase = []", "desk.toml:5: phase = []: must be one to 100 [[phase]] tables"),
        (
            HEAD + "phase = [[1], 1, 2, 3, 4]",
            "desk.toml: phase[0] = [1]: must be a [[phase]] table",
        ),
        (
            HEAD + PHASE.replace("[[", "[").replace("]]", "]"),
            "desk.toml:6: phase = {...}: must be one to 100 [[phase]] tables",
        ),
        (
            HEAD + '"a\\n\\u001b" = 1' + PHASE,
            'desk.toml: "a\\n\\x1b": there is no such key; ' + KEYS,
        ),
        (HEAD + "level = ", "desk.toml:5: is not TOML: Invalid value"),
        (HEAD + "level = \n" + PHASE, "desk.toml:5: is not TOML: Invalid value"),
        ("a = " + "9" * 5000, f"desk.toml: {TOO_LONG}"),
        ("a.b = [0x" + "f" * 9999 + "]", f"desk.toml: {TOO_LONG}"),
        (HEAD + "a." * 300 + "a = 1" + PHASE, "desk.toml:5: a: there is no such key; " + KEYS),
        ("\n" + "a." * 301 + "a = 1", "desk.toml:2: has more than 300 dots; break the line"),
        ("a." * 50_000 + "a = 1", "desk.toml:1: has more than 300 dots; break the line"),
        ("a = " + "[" * 9000, "desk.toml: is nested too deep; a profile needs two levels"),
    ]
)
def test_a_mistake_in_the_file_is_one_line(text: str, told: str) -> None:
    found = mistakes(text)
    assert told in found
    assert len(found) <= 5


CUE = "a sentence for the person, at most 200 characters"
STEP = 'there is no such step; did you mean "warm_hands"?'
SUITS = (
    "a list of surface, seat, handheld, bed, pillow, roller, hands, or leave it out: then it suits "
    "everything"
)
SPARES = "a gentle profile spares neck and spine; leave out spine_lumbar"
STEADY = "a profile for walking has stroking and vibration only"
SHORT = "must be a short name, at most 80 characters"
RUSSIAN = 'title.en = "Desk break"\ntitle.ru = "Перерыв"\n'
GENTLE = HEAD + "gentle = true\n"
WALKING = HEAD.replace("seated", "standing") + "walking_safe = true\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            HEAD + PHASE + 'cue = { en = "Let go.", de = "Los." }',
            "desk.toml:11: phase[0].cue.de: there is no such key; there are en, ru",
        ),
        (
            HEAD + PHASE + 'cue.ru = "Отпустите."',
            f"desk.toml:11: phase[0].cue.en is missing: give {CUE}",
        ),
        (
            HEAD + PHASE + f'cue = "{"x" * 201}"',
            f'desk.toml:11: phase[0].cue = "{"x" * 40}...": must be {CUE}',
        ),
        (
            RUSSIAN.replace("Перерыв", "п" * 81) + HEAD.partition("\n")[2] + PHASE,
            f'desk.toml:2: title.ru = "{"п" * 40}...": {SHORT}',
        ),
        (
            "title = { en = 3 }\n" + HEAD.partition("\n")[2] + PHASE,
            f"desk.toml:1: title.en = 3: {SHORT}",
        ),
        (
            HEAD + 'preparation = ["warm_hand"]' + PHASE,
            f'desk.toml:5: preparation[0] = "warm_hand": {STEP}',
        ),
        (
            HEAD + 'suits = ["bed", "bed"]' + PHASE,
            'desk.toml:5: suits = ["bed", "bed"]: names bed twice; name each once',
        ),
        (
            HEAD + 'suits = ["boat"]' + PHASE,
            f'desk.toml:5: suits[0] = "boat": must be {SUITS}',
        ),
        (
            HEAD + 'gentle = "yes"' + PHASE,
            'desk.toml:5: gentle = "yes": must be true or false',
        ),
        (
            GENTLE + PHASE.replace("0.25", "[0.2, 0.26]"),
            "desk.toml:11: phase[0].level = [0.2, 0.26]: a gentle profile has no level above 0.25",
        ),
        (
            GENTLE + PHASE.replace("2\n", "16\n", 1),
            "desk.toml:5: gentle = true: a gentle profile lasts 15 minutes at most, not 16",
        ),
        (
            GENTLE + PHASE + 'return_zones = ["spine_lumbar"]',
            f'desk.toml:12: phase[0].return_zones = ["spine_lumbar"]: {SPARES}',
        ),
        (
            WALKING + PHASE.replace("stroking", "kneading"),
            f'desk.toml:8: phase[0].technique = "kneading": {STEADY}',
        ),
        (
            WALKING + PHASE.replace("0.25", "0.31"),
            "desk.toml:11: phase[0].level = 0.31: a profile for walking has no level above 0.3",
        ),
        (
            WALKING.replace("standing", "seated") + PHASE,
            'desk.toml:5: walking_safe = true: is for posture = "standing"',
        ),
    ],
)
def test_texts_lists_and_promises_are_checked_where_they_stand(text: str, told: str) -> None:
    assert mistakes(text) == [told]


def test_a_point_that_nobody_can_find_is_refused_with_the_reason() -> None:
    hold = PHASE.replace("stroking", "hold")
    (told,) = mistakes(HEAD + hold + 'point = "l12"')
    assert told.startswith('desk.toml:11: phase[0].point = "l12": a spine has five lumbar vertebra')
    assert told.endswith('so there is no twelfth; must be "l4" or "s2", or leave it out')
    assert load_text(HEAD + hold + 'point = "l4"', "x").phases[0].technique == "hold"


def test_a_promise_that_is_kept_is_read() -> None:
    assert load_text(GENTLE + PHASE, "x").gentle
    assert load_text(WALKING + PHASE, "x").walking_safe


def test_all_mistakes_are_told_at_once_from_the_top_of_the_file() -> None:
    text = HEAD.replace("seated", "lying") + PHASE.replace("0.25", "2").replace("rh", "h")
    text += PHASE.replace("stroking", "kneeding").replace("minutes", "minute")
    assert [line.split(":")[1] for line in mistakes(text)] == ["3", "8", "10", "12", "13", "15"]


def test_behind_an_unknown_technique_the_common_keys_are_still_looked_at() -> None:
    found = mistakes_in_phase(technique='"juggling"', level="7", balls="3")
    assert [line.split(" ")[1] for line in found] == ["phase[0].technique", "phase[0].level"]


def test_a_list_too_long_to_show_is_cut() -> None:
    (told,) = mistakes_in_phase(level="[1, 2, 3, 4, 5]")
    assert told == f"desk.toml:9: phase[0].level = [1, 2, 3, 4, ...]: must be {LEVEL}"


def test_a_zone_like_no_other_is_told_the_most_alike() -> None:
    (told,) = mistakes_in_phase(zones='["elbow"]')
    assert told.startswith('desk.toml:7: phase[0].zones[0] = "elbow": there is no such zone; the m')


def test_a_file_full_of_mistakes_is_told_in_part() -> None:
    found = mistakes(HEAD + PHASE.replace("0.25", "2").replace("2\n", "99\n", 1) * 60)
    assert len(found) == MOST_MISTAKES + 1
    assert found[-1] == "desk.toml: has more mistakes; mend these first"


@pytest.mark.parametrize(
    ("techniques", "told"),
    [
        (
            ["kneading", "stroking"],
            'phase[1].technique = "stroking": ' + FIRST,
        ),
        (
            ["stroking", "vibration", "kneading"],
            'phase[2].technique = "kneading": ' + ORDER,
        ),
        (
            ["tapping", "hold"],
            'phase[1].technique = "hold": hold comes before tapping, which is last',
        ),
        (["stroking", "hold", "kneading", "hold", "vibration", "tapping", "stroking"], None),
    ],
)
def test_the_order_of_a_massage_is_kept(techniques: list[str], told: str | None) -> None:
    text = HEAD + "".join(PHASE.replace("stroking", technique) for technique in techniques)
    if told is None:
        assert [phase.technique for phase in load_text(text, "t").phases] == techniques
        return
    assert [line.partition(": ")[2] for line in mistakes(text)] == [told]


@pytest.mark.parametrize(
    "techniques",
    [["vibration"], ["kneading", "vibration"], ["stroking", "vibration", "vibration", "stroking"]],
)
def test_phases_may_be_left_out_and_stroking_may_come_again(techniques: list[str]) -> None:
    text = HEAD + "".join(PHASE.replace("stroking", technique) for technique in techniques)
    assert [phase.technique for phase in load_text(text, "x").phases] == techniques


def test_a_session_has_at_most_half_an_hour() -> None:
    assert mistakes(HEAD + PHASE.replace("2\n", "16\n", 1) * 2) == [
        "desk.toml:6: phase lasts 32 minutes in all; make it 30 at most"
    ]


def test_a_profile_made_in_python_keeps_the_same_rules() -> None:
    raw = load_text(HEAD + PHASE, "x").model_dump(by_alias=True)
    assert Profile.model_validate(raw).zones == ("rhomboid",)
    with pytest.raises(ValueError, match="has no length"):
        Profile.model_validate({**raw, "phase": [{**raw["phase"][0], "minutes": None}]})
    with pytest.raises(ValueError, match="finite"):
        Profile.model_validate({**raw, "phase": [{**raw["phase"][0], "minutes": inf}]})


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"^.*nope\.toml: there is no such file$"):
        load(tmp_path / "nope.toml")


def test_a_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"is a folder; give a TOML file$"):
        load(tmp_path)


def test_a_path_that_cannot_be_opened_is_one_line() -> None:
    with pytest.raises(ProfileError, match="cannot be read: "):
        load("a\0b")


def test_a_file_that_is_not_text_is_one_line_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(HEAD.encode() + b"# \xff")
    with pytest.raises(ProfileError, match=r":5: byte 0xff is not UTF-8; save the file as UTF-8$"):
        load(file)


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(b"#" * (LARGEST_BYTES + 1))
    with pytest.raises(ProfileError, match="is larger than 256 kB"):
        load(file)


def is_plain(text: str) -> bool:
    """Say whether a text is a profile, or refused in lines that begin with its name."""
    try:
        load_text(text, "any.toml")
    except ProfileError as error:
        return all(line.startswith("any.toml") for line in str(error).split("\n"))
    return True


@given(st.text(max_size=200) | st.text("[]{}=\"'\\\n.,#1phase ", max_size=80))
def test_any_text_is_a_profile_or_is_refused_in_plain_lines(text: str) -> None:
    assert is_plain(text)


VALUES = """
1 0.3 -1 nan inf true 1e400 0xffffffffffffffffffff 07:32:00 [] [[]] [1,2] [0.1,0.2,0.3] {} {a=1}
"" "stroking" "kneeding" "rhomboid" ["rhomboid"] ["x","x"] [{}]
"""
KEYWORDS = """
title intent phase technique zones return_zones minutes seconds level cue circles speed_cm_s
rate_hz sides presses swell_hz purpose preparation suits gentle walking_safe title.ru x
"""
values, keys = st.sampled_from(VALUES.split()), st.sampled_from(KEYWORDS.split())
tables = st.dictionaries(keys, values, max_size=8).map(
    lambda table: "\n".join(f"{key} = {value}" for key, value in table.items())
)


@pytest.mark.exhaustive
@given(tables, st.lists(tables, max_size=3))
def test_any_keys_and_values_are_a_profile_or_are_refused_in_plain_lines(
    top: str, phases: list[str]
) -> None:
    assert is_plain("\n[[phase]]\n".join([top, *phases]))


def test_a_profile_that_is_not_bundled_has_no_path() -> None:
    with pytest.raises(KeyError):
        catalogue.path("../layout")
