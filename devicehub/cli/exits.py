"""Exits: the exit code that an end has, by the contract of the command line."""

from devicehub.messages import EndReason, Summary

EXIT_CODES = {
    EndReason.COMPLETED: 0,
    EndReason.STOPPED: 0,
    EndReason.FAILED: 1,
    EndReason.DISCOMFORT: 4,
    EndReason.SAFETY: 4,
    EndReason.LOST: 5,
}
STOP_UNCONFIRMED = 3


def exit_code(summary: Summary) -> int:
    """Return 3 where a stop was not confirmed, else what the reason of the end says."""
    if not all(device.stop_confirmed for device in summary.devices):
        return STOP_UNCONFIRMED
    return EXIT_CODES[summary.reason]


def seen(summary: Summary, trouble: str | None) -> int:
    """Return the exit code of a session; one that nobody could see to its end has failed."""
    return exit_code(summary) or (EXIT_CODES[EndReason.FAILED] if trouble else 0)
