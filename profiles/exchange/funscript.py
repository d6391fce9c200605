"""The .funscript format: positions over time, as JSON. Here a position counts as a level.

``actions`` has ``at`` in milliseconds and ``pos`` from 0 to 100; ``inverted`` turns positions
round. ``range`` narrows what a device's own movement may be, which a level does not have.
"""

from pydantic import Field, ValidationError

from profiles.exchange.drawing import Drawing, Strict, drawn, parsed, told

_MS = 1000.0
_HIGHEST = 100.0


class _Action(Strict):
    at: float = Field(ge=0.0)
    pos: float = Field(ge=0.0, le=_HIGHEST)


class _Metadata(Strict):
    title: str = ""


class _File(Strict):
    actions: list[_Action] = Field(min_length=2)
    inverted: bool = False
    metadata: _Metadata = _Metadata()


def read(text: str, source: str) -> Drawing:
    """Return the actions of a .funscript file as levels; `source` names it in mistakes.

    Raises:
        ProfileError: With every mistake, or why it cannot be a phase.
    """
    try:
        file = _File.model_validate(parsed(text, source))
    except ValidationError as error:
        raise told(error, source) from error
    points = [
        (action.at / _MS, (_HIGHEST - action.pos if file.inverted else action.pos) / _HIGHEST)
        for action in file.actions
    ]
    return drawn(points, source, file.metadata.title, ["positions are played as levels"])
