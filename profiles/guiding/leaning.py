"""A pillow with rollers (L75): leaned on, which way and how fast by zone."""

from collections.abc import Iterator

from profiles.guiding.instruction import Instruction, Kind, Phrase
from profiles.guiding.turn import Turn

# Beside the spine rollers turn upwards, as every stroke goes (L40, L88); across the shoulders they
# turn inwards, as rubbing does (L93).
_INWARDS = ("neck", "trapezius_upper", "rhomboid", "scapula")
# zones.json, rotating_nodes: two minutes on a place, then a minute's rest.
ON_S = 120.0
OFF_S = 60.0


def lean(turn: Turn) -> Iterator[Instruction]:
    """Yield one place a zone, in the order of the profile, with rests between."""
    each_s = turn.seconds / len(turn.zones)
    for number, zone in enumerate(turn.zones):
        begin_s = turn.start_s + number * each_s
        end_s = begin_s + each_s
        while end_s - begin_s > 1.0:
            on_s = min(ON_S, end_s - begin_s)
            kind, phrase = Kind.PLACE, Phrase(_key(turn, zone), zone=zone)
            yield turn.tell(begin_s, kind, phrase, zone=zone, seconds=on_s)
            begin_s += on_s
            off_s = min(OFF_S, end_s - begin_s)
            if off_s > 1.0:
                rest = Phrase("pillow.rest")
                yield turn.tell(begin_s, Kind.REST, rest, zone=zone, seconds=off_s)
                begin_s += off_s


def _key(turn: Turn, zone: str) -> str:
    way = "in" if zone.startswith(_INWARDS) else "up"
    return f"pillow.{way}.lowest" if zone in turn.care.lightly else f"pillow.{way}"
