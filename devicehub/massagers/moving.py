"""Whether a write moves something: what no stop and no mere word may do."""

from devicehub.massagers.model import Codec
from devicehub.massagers.wire import Write


def moves(codec: Codec, write: Write) -> bool:
    """Say whether `write` is a level frame above 0, or a key for more."""
    levels = [frame.levels_in(write) for frame in codec.frames]
    rises = codec.presses is not None and write in codec.presses.up
    return rises or any(map(any, filter(None, levels)))
