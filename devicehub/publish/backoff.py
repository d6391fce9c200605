"""Back-off: how long to wait before the next try to connect. Pure."""

from dataclasses import dataclass

FIRST_S, LONGEST_S = 0.2, 5.0
# Somebody else connected with our id. Whoever fights back cuts the other off in turn, for ever.
RIVAL_FIRST_S, RIVAL_LONGEST_S = 30.0, 600.0
# A line that stood for so long was no flap.
STEADY_S = 5.0


@dataclass(slots=True)
class Backoff:
    """Doubles with every failure; a line that stood for a while begins anew."""

    _failures: int = 0
    _rivals: int = 0

    def failed(self, stood_s: float, jitter: float) -> float:
        """Return how long to wait after a line that stood for `stood_s`.

        Args:
            stood_s: How long it stood; 0 when it never did.
            jitter: A chance number from 0 to 1: many hubs lose their broker at the same instant.
        """
        if stood_s >= STEADY_S:
            self._failures = 0
        self._failures += 1
        longest_s = min(LONGEST_S, FIRST_S * 2 ** min(self._failures - 1, 10))
        return longest_s * (0.5 + 0.5 * jitter)

    def taken_over(self, stood_s: float, jitter: float) -> float:
        """Return how long to leave the id to whoever took it."""
        if stood_s >= RIVAL_LONGEST_S:
            self._rivals = 0
        self._rivals += 1
        longest_s = min(RIVAL_LONGEST_S, RIVAL_FIRST_S * 2 ** min(self._rivals - 1, 10))
        return longest_s * (0.5 + 0.5 * jitter)
