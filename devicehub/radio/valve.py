"""Valve: whether frames may pass to one massager. Every stop closes it; only a wish opens it again.

Each stop raises the *epoch*. What was begun in an older epoch never passes, however late it comes
and whatever was opened meanwhile.
"""

from collections.abc import Sequence


class Valve:
    """The valve of one link; closed until a ceiling was agreed."""

    def __init__(self) -> None:
        self.epoch = 0
        self.ceiling: tuple[int, ...] = ()
        self.heat = 0
        self._open = False
        self._under_way = 0
        self._unanswered = False

    @property
    def open(self) -> bool:
        """Whether frames of this epoch pass."""
        return self._open

    def lets(self, epoch: int) -> bool:
        """Say whether what was begun in `epoch` may pass."""
        return self._open and epoch == self.epoch

    def agree(self, ceiling: Sequence[int], heat: int = 0) -> None:
        """Fix the highest steps and target of heat; what was agreed before can only be lowered."""
        self.heat = min(self.heat, heat) if self.ceiling else heat
        before = self.ceiling or ceiling
        self.ceiling = tuple(min(pair) for pair in zip(before, ceiling, strict=True))

    def reopen(self) -> None:
        """Open it, unless a stop is under way or nobody answered the last one."""
        self._open = bool(self.ceiling) and not self._under_way and not self._unanswered

    def shut(self) -> None:
        """Close it: the link is gone, or about to be."""
        self._open = False

    def stop_begun(self) -> None:
        """Close it for a stop; whatever was begun before has come too late."""
        self._open = False
        self.epoch += 1
        self._under_way += 1

    def stop_ended(self, *, confirmed: bool) -> None:
        """Take note of how a stop went; the last one that ends counts."""
        self._under_way -= 1
        self._unanswered = not confirmed
