"""What the table of limits says of the time between sessions."""

from dataclasses import dataclass

from devicehub.safety.strict import Table


@dataclass(frozen=True, slots=True)
class AdmissionLimits:
    """When a session may begin, after others.

    Attributes:
        max_sessions: The most that begin within 24 h.
        gap_per_active: A gap is so many times what moved in the session before it,
        gap_at_most_s: and no longer than this.
        gap_after_mild_s: The gap after a session that mild discomfort ended.
        gap_after_severe_s: The gap after a severe report.
        severe_reports_that_lock: So many severe reports within 24 h lock,
        lock_s: for so long after the newest.
    """

    max_sessions: int
    gap_per_active: float
    gap_at_most_s: float
    gap_after_mild_s: float
    gap_after_severe_s: float
    severe_reports_that_lock: int
    lock_s: float


def admission_limits(table: Table) -> AdmissionLimits:
    """Return what the section `admission` says.

    Raises:
        LimitsError: A value is missing or makes no sense.
    """
    return AdmissionLimits(
        max_sessions=table.count("max_sessions"),
        gap_per_active=table.positive("gap_per_active"),
        gap_at_most_s=table.positive("gap_at_most_s"),
        gap_after_mild_s=table.positive("gap_after_mild_s"),
        gap_after_severe_s=table.positive("gap_after_severe_s"),
        severe_reports_that_lock=table.count("severe_reports_that_lock"),
        lock_s=table.positive("lock_s"),
    )
