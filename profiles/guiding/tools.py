"""Tools: with what a profile is played where no motor is driven, and where hands take care."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tool:
    """What the hands hold.

    Attributes:
        name: As on the command line.
        hands: How many places it touches at once: 2 is one on each side of the spine.
        rests: Techniques that cannot be done with it, and so are a rest.
        stimulus_class: Row of the table of limits that says where it may be, or None for hands.
        moves: Whether somebody moves it; a pillow is leaned on.
        driven: Whether a motor does the pressing and tapping, and the hand only takes it there.
    """

    name: str
    hands: int
    rests: frozenset[str] = frozenset()
    stimulus_class: str | None = None
    moves: bool = True
    driven: bool = False


TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool("hands", 2),
        # L73: a roller on a handle, moved along the back; it presses like nodes that turn.
        Tool("roller", 1, frozenset({"tapping", "pinching"}), "rotating_nodes"),
        # L75: it lies where the user leans on it; its rollers turn by themselves.
        Tool("pillow", 2, frozenset({"tapping", "pinching"}), "rotating_nodes", moves=False),
        # L74: the hub drives it, its user moves it.
        Tool("handheld", 1, driven=True),
    )
}


@dataclass(frozen=True, slots=True)
class Care:
    """Where hands take care; it comes from the table of limits.

    Attributes:
        never: Ids of zones that the tool never touches.
        lightly: Ids of zones that are only touched very lightly, beside the bones.
    """

    never: frozenset[str] = frozenset()
    lightly: frozenset[str] = frozenset()
