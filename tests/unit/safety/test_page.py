"""docs/safety.md says the numbers that are enforced."""

from pathlib import Path

from devicehub.safety.governor import ROLL_CALL
from devicehub.safety.limits import Limits

PAGE = Path(__file__).parents[3] / "docs" / "safety.md"


def rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]


def test_the_page_has_the_table_of_zones(limits: Limits) -> None:
    told = {row[0].strip("`"): row[1:] for row in rows() if len(row) == 9}
    for zone in limits.zones.values():
        surface = zone.caps["surface_vibration"]
        caps = [zone.caps[name].max_intensity for name in limits.classes]
        numbers = [f"{n:g}" for n in (*caps, surface.max_rise_per_s, surface.max_pattern_hz)]
        assert told[zone.id] == [zone.tier, *numbers]


def test_the_page_has_the_seconds_of_every_zone(limits: Limits) -> None:
    told = {
        name.strip("` "): row[1:] for row in rows() if len(row) == 6 for name in row[0].split(",")
    }
    for zone in limits.zones.values():
        caps = [zone.caps[name] for name in limits.classes]
        seconds = [
            f"{c.max_continuous_s:g} / {c.min_rest_s:g} / {c.max_session_s:g}"
            if c.max_intensity
            else "none"
            for c in caps
        ]
        if not zone.forbidden:
            assert told["muscle" if zone.tier == "muscle" else zone.id] == seconds


def test_the_page_has_the_seconds_of_a_day_of_every_zone(limits: Limits) -> None:
    told = {
        name.strip("` "): row[1] for row in rows() if len(row) == 2 for name in row[0].split(",")
    }
    for zone in limits.zones.values():
        caps = [zone.caps[name] for name in limits.classes]
        days = " / ".join(f"{c.max_daily_s:g}" if c.max_intensity else "none" for c in caps)
        if not zone.forbidden:
            assert told["muscle" if zone.tier == "muscle" else zone.id] == days


def test_the_page_explains_every_rule() -> None:
    told = {name.strip("` ") for row in rows() if len(row) == 4 for name in row[0].split(",")}
    assert told >= ROLL_CALL | {"finite", "clock", "rollcall"}
