"""The tracer of coverage takes up to six times the time of the code: it runs where it counts."""

from collections.abc import Generator
from contextlib import contextmanager

from coverage import Coverage

_MEASURED = Coverage.current()  # None in a run that measures nothing
_runs = _MEASURED is not None


@contextmanager
def traced(wanted: bool) -> Generator[None]:
    """Trace what is inside, or do not; afterwards it is as before."""
    if _MEASURED is None or _runs == wanted:
        yield
        return
    _switch(_MEASURED, wanted)
    try:
        yield
    finally:
        _switch(_MEASURED, not wanted)


def trace_nothing() -> None:
    """Trace nothing from here on, unless `traced` says so."""
    if _MEASURED is not None and _runs:
        _switch(_MEASURED, False)


def _switch(measured: Coverage, wanted: bool) -> None:
    global _runs  # noqa: PLW0603 - a process has one tracer
    (measured.start if wanted else measured.stop)()
    _runs = wanted
