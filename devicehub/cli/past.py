"""A session that has ended, as the history keeps it."""

from devicehub.cli import events
from devicehub.ledger.history_rows import Past
from devicehub.outside import SessionNow

_SIMULATED, _BY_NAME = "simulated", "sim:"


def past_of(ended: SessionNow, boot: str, ended_s: float) -> Past:
    """Return what is kept of a session of the run `boot`; `ended_s` is seconds since 1970."""
    summary = ended.summary
    said = {} if summary is None else events.summary(summary)
    if ended.simulated:
        said |= {_SIMULATED: True}
    reason = "" if summary is None else summary.reason.value
    return Past(
        ended.id,
        boot,
        ended.started_s,
        ended_s,
        ended.origin,
        ended.profile,
        ended.devices,
        reason,
        said,
    )


def is_simulated(one: Past) -> bool:
    """Say whether a session is known to have been played on a simulated massager."""
    named = any(device.startswith(_BY_NAME) for device in one.devices)
    return named or one.summary.get(_SIMULATED) is True
