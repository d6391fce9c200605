"""Alarms: what is wrong as long as it stands, for those who look later."""

from collections.abc import Callable, Collection, Sequence

from devicehub.outside import Alert

RESCUING = "may be running, and is looked for"


class Alarms:
    """What is wrong now. `wall_s` is seconds since 1970."""

    def __init__(self, wall_s: Callable[[], float]) -> None:
        self._wall_s = wall_s
        self._standing: dict[tuple[str, str | None], Alert] = {}

    def raised(self, kind: str, device: str | None, detail: str) -> None:
        """Let an alarm stand; one that stands already keeps its time."""
        key = (kind, device)
        if key not in self._standing:
            self._standing[key] = Alert(kind, device, self._wall_s(), detail)

    def over(self, kind: str, device: str | None) -> None:
        """Take an alarm down: its reason has gone."""
        self._standing.pop((kind, device), None)

    def stands(self, kind: str) -> bool:
        """Say whether an alarm of this kind stands."""
        return any(one.kind == kind for one in self._standing.values())

    def about(self, kind: str) -> tuple[str, ...]:
        """Return the massagers of which an alarm of this kind stands."""
        return tuple(
            one.device for one in self._standing.values() if one.kind == kind and one.device
        )

    def now(self, looked_for: Collection[str]) -> Sequence[Alert]:
        """Return what stands, and the massagers that may be running and are `looked_for`."""
        for _, device in [key for key in self._standing if key[0] == "rescuing"]:
            if device not in looked_for:
                self.over("rescuing", device)
        for device in looked_for:
            self.raised("rescuing", device, RESCUING)
        return tuple(self._standing.values())
