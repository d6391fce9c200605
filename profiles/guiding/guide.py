"""Guide: a profile laid out in time as instructions for one tool.

The phases last as long as in a score for a massager. Before the first there is time to find the
place; before each, three counts; what comes next, and a change of side, is said ahead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from profiles.body import zone
from profiles.compose import compose
from profiles.guiding.instruction import Guide, Instruction, Kind, Phrase, Side
from profiles.guiding.leaning import lean
from profiles.guiding.legs import legs
from profiles.guiding.pacing import GAP_S, paced
from profiles.guiding.pauses import PAUSE, after_cue, cue_length_s, pause
from profiles.guiding.phrases import CUE_FIRST, SAY_S
from profiles.guiding.presses import hold, knead, pinch, tap
from profiles.guiding.rubs import roll, rub
from profiles.guiding.stillness import stay_on
from profiles.guiding.stroking import stroke
from profiles.guiding.tools import TOOLS, Care, Tool
from profiles.guiding.turn import Turn
from profiles.layout import Layout
from profiles.model import Profile
from profiles.score import Passage
from profiles.techniques import Hold, Kneading, Pinching, Rolling, Rubbing, Stroking, Tapping
from profiles.techniques.base import PhaseBase

COUNTS = 3
COUNT_S = 1.0
_COUNTED_S = COUNTS * COUNT_S
# The first place is said, found, and counted in.
LEAD_S = 0.5 + SAY_S["first"] + 1.5 + _COUNTED_S
# A phase that is shorter is not counted in at its end: there would be nothing left of it.
LEAST_COUNTED_S = 10.0
# One hand changes sides in the middle of a phase, if the half is long enough to be worth it.
LEAST_HALF_S = 15.0
# A change of side is said this long ahead.
SIDE_AHEAD_S = 6.0

_NOWHERE = Layout("guide", ())


def guide(
    profile: Profile,
    *,
    tool: Tool = TOOLS["hands"],
    care: Care = Care(),  # noqa: B008 - it is frozen
    minutes: float | None = None,
) -> Guide:
    """Return the instructions of a profile for `tool`.

    Args:
        profile: What to play.
        tool: With what.
        care: Where the tool never goes, and where only lightly.
        minutes: Length of the phases together, 0.2 to 30; None as written.

    Raises:
        ProfileError: `minutes` is out of range.
    """
    score = compose(profile, _NOWHERE, minutes=minutes)
    passages = tuple(
        _led_in(phase, passage)
        for phase, passage in zip(profile.phases, score.passages, strict=True)
    )
    told: list[Instruction] = []
    warnings: list[str] = []
    before: Passage | None = None
    for phase, passage in zip(profile.phases, passages, strict=True):
        if phase.silent:
            turn = _turn(passage, (), tool, care, Side.BOTH)
            told += [*pause(turn, phase.cue), *_cue(phase, passage, CUE_FIRST)]
            before = passage
            continue
        zones = tuple(each for each in phase.zones if _is_on_map(each) and each not in care.never)
        rests = passage.technique in tool.rests or not zones
        leads = not rests and _cue_leads(phase, passage, tool)
        if rests:
            warnings.append(_left_out(passage, tool, zones))
        for part in [passage] if rests else _parts(phase, passage, zones, tool):
            turn = _turn(part, part.zones, tool, care, Side.BOTH)
            rest = turn.rest(turn.start_s, "not.with.this")
            done = list(rest if rests else _phase(phase, part, tool, care))
            if leads:
                done = after_cue(done, phase.cue)
            told += [*_before(part, before, done), *done]
            before = part
        told += _cue(phase, passage, CUE_FIRST if leads else "cue")
    end_s = passages[-1].end_s
    told.append(Instruction(end_s, Kind.END, Phrase("end"), len(passages) - 1, spoken=True))
    return Guide(profile.title, LEAD_S, end_s, passages, paced(told), tuple(warnings))


def _led_in(phase: PhaseBase, passage: Passage) -> Passage:
    """Return a phase of the score on the time line of the guide; one that is silent is a pause."""
    technique = PAUSE if phase.silent else passage.technique
    start_s, end_s = passage.start_s + LEAD_S, passage.end_s + LEAD_S
    return replace(passage, technique=technique, start_s=start_s, end_s=end_s)


def _parts(phase: PhaseBase, passage: Passage, zones: tuple[str, ...], tool: Tool) -> list[Passage]:
    """Return the stretches of a phase between which what is driven has to be moved; else one."""
    if not tool.driven:
        return [replace(passage, zones=zones)]
    usable = frozenset((*zones, *phase.way_back))
    return [
        replace(passage, zones=leg.zones, start_s=leg.start_s, end_s=leg.end_s)
        for leg in legs(passage, zones, (), usable)
    ]


def _phase(phase: PhaseBase, passage: Passage, tool: Tool, care: Care) -> Iterator[Instruction]:
    """Yield what is done in one phase: on both sides at once, or on one after the other."""
    zones = passage.zones
    for number, (turn, ahead) in enumerate(_turns(passage, zones, tool, care)):
        moves = list(lean(turn) if not tool.moves else _moves(turn, phase))
        if number and moves:  # the side is said instead of what was said before
            first = moves[0]
            side = Phrase("side", side=turn.side)
            yield replace(first, kind=Kind.SIDE, phrase=side, spoken=True)
            moves = moves[1:]
        yield from moves
        if ahead is not None and turn.seconds > SIDE_AHEAD_S:
            soon = Phrase("side.soon", side=ahead)
            yield turn.tell(turn.end_s - SIDE_AHEAD_S, Kind.SIDE, soon)
    if care.lightly.intersection(zones):
        turn = _turn(passage, zones, tool, care, Side.BOTH)
        said_s = SAY_S[turn.key("kneading")] + 2.0
        yield turn.tell(turn.start_s + said_s, Kind.CARE, Phrase(turn.key("care")))


def _moves(turn: Turn, phase: PhaseBase) -> Iterator[Instruction]:  # noqa: PLR0911 - one each
    match phase:
        case Stroking():
            return stroke(turn, phase)
        case Kneading():
            return knead(turn, phase)
        case Rubbing():
            return rub(turn, phase)
        case Rolling():
            return roll(turn, phase)
        case Pinching():
            return pinch(turn, phase)
        case Tapping():
            return tap(turn, phase)
        case Hold():
            return hold(turn, phase)
        case _:
            return stay_on(turn, phase)


def _turns(
    passage: Passage, zones: tuple[str, ...], tool: Tool, care: Care
) -> list[tuple[Turn, Side | None]]:
    """Return the turns of a phase, each with the side that comes after it."""
    half_s = (passage.end_s - passage.start_s) / 2.0
    if tool.hands > 1:
        return [(_turn(passage, zones, tool, care, Side.BOTH), None)]
    if half_s < LEAST_HALF_S:  # phase by phase
        side = (Side.RIGHT, Side.LEFT)[passage.index % 2]
        return [(_turn(passage, zones, tool, care, side), None)]
    right = _turn(passage, zones, tool, care, Side.RIGHT)
    left = replace(right, start_s=passage.start_s + half_s, side=Side.LEFT)
    return [(replace(right, end_s=left.start_s), Side.LEFT), (left, None)]


def _turn(passage: Passage, zones: tuple[str, ...], tool: Tool, care: Care, side: Side) -> Turn:
    return Turn(
        passage.technique, passage.index, zones, passage.start_s, passage.end_s, side, tool, care
    )


def _before(
    part: Passage, before: Passage | None, done: Sequence[Instruction]
) -> Iterator[Instruction]:
    """Yield what is said ahead of a phase or a leg: what and where it begins, then the counts."""
    if before is not None and before.end_s - before.start_s < LEAST_COUNTED_S:
        return
    where = _lowest((done[0].zones if done else ()) or part.zones)
    key = "first" if before is None else "next" if before.index != part.index else "zone"
    at_s = 0.5 if before is None else part.start_s - _COUNTED_S - SAY_S[key] - GAP_S - 0.05
    phrase = Phrase(key, zone=where, technique=part.technique)
    yield Instruction(at_s, Kind.PLACE, phrase, part.index, part.zones, spoken=True)
    for number in range(COUNTS, 0, -1):
        t_s = part.start_s - number * COUNT_S
        count = Phrase("count", number=number)
        yield Instruction(t_s, Kind.COUNT, count, part.index, part.zones, spoken=True)


def _cue_leads(phase: PhaseBase, passage: Passage, tool: Tool) -> bool:
    """Whether the cue is said before anything is done: it may say where the pillow goes."""
    said_s = cue_length_s(phase.cue) + SAY_S["pillow.up.lowest"] + SAY_S["next"] + _COUNTED_S
    return not tool.moves and bool(phase.cue) and said_s < passage.end_s - passage.start_s


def _cue(phase: PhaseBase, passage: Passage, key: str) -> Iterator[Instruction]:
    if phase.cue:
        # It may wait until what comes next is said.
        waits_s = passage.end_s - passage.start_s - _COUNTED_S - SAY_S["next"] - 1.0
        yield Instruction(
            passage.start_s,
            Kind.CUE,
            Phrase(key, text=phase.cue),
            passage.index,
            passage.zones,
            seconds=0.0 if key == CUE_FIRST else max(0.0, waits_s),
            spoken=True,
        )


def _lowest(zones: Sequence[str]) -> str:
    """Return the zone where a way up begins; those that are not on the map come last."""
    return min(zones, key=lambda each: min((y for _, y in zone(each).outline), default=1e9))


def _is_on_map(zone_id: str) -> bool:
    return bool(zone(zone_id).outline)


def _left_out(passage: Passage, tool: Tool, zones: tuple[str, ...]) -> str:
    why = f"is nothing for {tool.name}" if zones else f"has no zone for {tool.name}"
    return f"Phase {passage.index + 1} ({passage.technique}): {why}, and is a rest."
