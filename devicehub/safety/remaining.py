"""What is left to move: rules that take places out of a session share it."""

from collections.abc import Iterable, Sequence


class Remaining:
    """The actuators that may still move in a session; when none is left, it is over."""

    def __init__(self, driven: Sequence[int]) -> None:
        self._left = set(driven)

    def without(self, members: Iterable[int]) -> bool:
        """Take some out for the rest of the session; return whether nothing is left."""
        self._left.difference_update(members)
        return not self._left
