"""First sessions: somebody who is new to it begins softly, whatever they ask for (L34).

Until three sessions were played to their end every cap is halved, through the same factor that a
person's answers have: it can tighten and nothing else, and no option, key or setting lifts it.

The ledger forgets within a day and the history knows no person, so how many there were is a number
in a small file of its own, named by a keyed hash. What is missing or cannot be read counts as none.
It is the user's own file: who writes a number into it says that they are not new to it.
"""

import hmac
import os
import stat
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from devicehub.errors import HubError
from devicehub.ledger.people import folded
from devicehub.safety.limits import UNKNOWN, Limits
from devicehub.safety.mount import ON_OFF, GovernedActuator, Mount
from devicehub.safety.restrictions import Restrictions

# Engineering choices: three sessions, half of every cap. One counts that was long enough to notice
# what it does: senses take five minutes (L99).
SESSIONS = 3
PART = 0.5
LEAST_S = 300.0
# Engineering choice: of these something moved for so long. What lies still teaches nobody anything.
MOVED_S = 120.0
_LARGEST_BYTES = 16  # one digit and what editors put behind it
# Forgives the last bits of a quotient: a step that just fits is not to be rounded away.
_EXACT = 1e-9


class Firsts:
    """How many of their first sessions somebody has behind them, on disk. Nothing is made to read.

    Its methods wait for the disk; nobody else may play on the same person meanwhile.
    """

    def __init__(self, folder: Path, secret: Callable[[], bytes], person: str) -> None:
        """Make it.

        Args:
            folder: Where the files of all persons are.
            secret: This user's own, made when it is asked for.
            person: Their name in the ledger.
        """
        self._folder, self._secret, self._person = folder, secret, person

    def left(self) -> int:
        """Return how many sessions are still among their first ones, the next one included."""
        if not self._folder.is_dir():
            return SESSIONS
        try:
            said = _content(self._path()).decode("ascii").strip()
        except (OSError, ValueError):
            return SESSIONS
        done = int(said) if said.isdecimal() else 0
        return max(0, SESSIONS - done)

    def completed(self, played_s: float, moved_s: float) -> None:
        """Count a session that was played to its end, if it was long enough to be felt.

        Args:
            played_s: Seconds that it lasted.
            moved_s: Seconds of them in which a motor moved.

        Raises:
            HubError: It could not be written, so it does not count.
        """
        left = self.left()
        if played_s < LEAST_S or moved_s < MOVED_S or not left:
            return
        with _in_words("cannot be counted"):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self._path()
            made = path.with_name(f"{path.name}.{os.getpid()}")
            made.write_text(f"{SESSIONS - left + 1}\n", encoding="ascii")
            try:
                made.replace(path)
            except OSError:
                made.unlink()
                raise

    def forget(self) -> None:
        """Erase the number; whoever takes that name begins anew.

        Raises:
            HubError: It could not be erased.
        """
        if self._folder.is_dir():
            with _in_words("cannot be erased"):
                self._path().unlink(missing_ok=True)

    def _path(self) -> Path:
        name = f"first sessions\0{folded(self._person)}".encode()
        return self._folder / hmac.new(self._secret(), name, "sha256").hexdigest()[:32]


def _content(path: Path) -> bytes:
    """Return what is in a small ordinary file. Raises OSError; waits for nobody who writes."""
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise FileNotFoundError(path)
        content = os.read(file, _LARGEST_BYTES + 1)
    finally:
        os.close(file)
    return content if len(content) <= _LARGEST_BYTES else b""


@contextmanager
def _in_words(what: str) -> Generator[None]:
    """Raise HubError for an error of the disk: which file, what, why."""
    try:
        yield
    except OSError as error:
        file, why = error.filename2 or error.filename or "the disk", error.strerror or error
        raise HubError(f"{file}: first sessions {what}: {why}") from error


def first_session(left: int) -> str:
    """Return in one line why a session is softer, and how many more are, this one among them."""
    return (
        f"every cap is halved; such sessions left, this one included: {left} "
        f"(one counts that is felt, played to its end and lasts {LEAST_S / 60:.0f} minutes or more)"
    )


def softened(restrictions: Restrictions, limits: Limits, mounts: Iterable[Mount]) -> Restrictions:
    """Return what is left of a first session: half of every cap, or what answers leave if less.

    A massager of so few steps that nothing of it could move gets its weakest step: a session that
    nobody feels would teach nobody anything.
    """
    actuators = [(mount.stimulus_class, each) for mount in mounts for each in mount.actuators]
    weakest = [_weakest(limits, name, each) for name, each in actuators]
    part = max(PART, min((part for part in weakest if part <= 1.0), default=PART))
    return replace(restrictions, class_factor=min(restrictions.class_factor, part))


def _weakest(limits: Limits, stimulus_class: str, actuator: GovernedActuator) -> float:
    """Return the part of its cap that lets an actuator move at all; above 1 if nothing does."""
    zones = actuator.zones or (UNKNOWN,)
    cap = min(limits.caps(zone, stimulus_class).max_intensity for zone in zones)
    least = limits.on_off.min_cap if actuator.control == ON_OFF else 1.0 / actuator.steps
    cap = min(cap, actuator.rating)
    return (least + _EXACT) / cap if cap >= least else 2.0
