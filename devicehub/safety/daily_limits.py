"""What the table of limits says of a whole day: the last 24 hours and the session that runs."""

from dataclasses import dataclass

from devicehub.safety.strict import Table


@dataclass(frozen=True, slots=True)
class Vibration:
    """One kind of vibration that adds up over a day, after 2002/44/EC.

    Attributes:
        stop_at_m_s2: The most, as acceleration in m/s2 spread over the reference time.
        assumed_m_s2: What a massager counts as whose acceleration nobody measured.
        classes: Of massagers that count.
        reference_s: The time over which it is spread.
    """

    stop_at_m_s2: float
    assumed_m_s2: float
    classes: tuple[str, ...]
    reference_s: float

    @property
    def most_s(self) -> float:
        """Seconds at the assumed acceleration that make up the most."""
        return (self.stop_at_m_s2 / self.assumed_m_s2) ** 2 * self.reference_s


@dataclass(frozen=True, slots=True)
class DailyLimits:
    """What a body may receive in a day.

    Attributes:
        max_active_s: The most seconds in which anything moves.
        reservation_s: For so long exposure is reserved ahead of its use.
        hand_arm: Vibration of what is held in a hand.
        whole_body: Vibration of what is sat or lain on.
    """

    max_active_s: float
    reservation_s: float
    hand_arm: Vibration
    whole_body: Vibration

    def weight(self, stimulus_class: str, measured_m_s2: float | None) -> float:
        """Return as how many seconds of its class one second of a massager counts.

        One that was not measured counts as 1; one that was, by the square of its acceleration over
        the assumed one, because vibration adds in power.
        """
        if measured_m_s2 is None:
            return 1.0
        for vibration in (self.hand_arm, self.whole_body):
            if stimulus_class in vibration.classes:
                return (measured_m_s2 / vibration.assumed_m_s2) ** 2
        return 1.0


def daily_limits(table: Table, classes: tuple[str, ...]) -> DailyLimits:
    """Return what the section `daily` says.

    Raises:
        LimitsError: A value is missing or makes no sense.
    """
    reference_s = table.positive("reference_s")
    return DailyLimits(
        max_active_s=table.positive("max_active_s"),
        reservation_s=table.positive("reservation_s"),
        hand_arm=_vibration(table, "hand_arm", classes, reference_s),
        whole_body=_vibration(table, "whole_body", classes, reference_s),
    )


def _vibration(daily: Table, key: str, classes: tuple[str, ...], reference_s: float) -> Vibration:
    table = daily.table(key)
    return Vibration(
        stop_at_m_s2=table.positive("stop_at_m_s2"),
        assumed_m_s2=table.positive("assumed_m_s2"),
        classes=table.texts("classes", of=classes),
        reference_s=reference_s,
    )
