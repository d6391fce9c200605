"""A stream cut into the frames of a massager file: on a cable nothing says where one ends. Pure."""

from firmware_sim.generic.model import Described

_LONGEST = 512  # bytes; as long as a frame on the air may be


def frames(said: Described, data: bytes) -> list[bytes]:
    """Return what was written in turn; from where no line of the file is found, the rest as it is.

    Where one frame begins like a longer one, the longer one was meant.
    """
    found: list[bytes] = []
    while data:
        ends = range(min(len(data), _LONGEST), 0, -1)
        end = next((end for end in ends if _is_frame(said, data[:end])), len(data))
        found.append(data[:end])
        data = data[end:]
    return found


def _is_frame(said: Described, data: bytes) -> bool:
    lines = (*said.levels, *(line for line, _, _ in said.keys), *said.stop)
    known = any(line.read(data) is not None for line in lines)
    return known or any(words == data for _, words in said.answers)
