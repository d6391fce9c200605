"""Opaque ids: what others call a massager, a person or a session, without learning its name.

An id is made from a secret of this hub, so it stays the same from run to run and tells nobody
outside which radio address or which name is behind it.
"""

import hashlib
import hmac
import os
import re
from pathlib import Path

# Six hex digits: two massagers of a hub that share one are one case in millions.
_DIGITS = 6
_LONGEST_WORD = 25
_SECRET_BYTES = 32
_FORBIDDEN = re.compile(r"[^a-z0-9]+")


def opaque(secret: bytes, kind: str, name: str) -> str:
    """Return the id of what is called `name`, `[a-z0-9-]{1,32}`: a word that is public, and digits.

    Args:
        secret: The hub's own, at least 16 bytes.
        kind: A public word that may be read in it: a model, "person", "hub".
        name: What nobody is to learn: a name, a radio address.
    """
    said = hmac.new(secret, f"{kind}\0{name.casefold()}".encode(), hashlib.sha256).hexdigest()
    word = _FORBIDDEN.sub("-", kind.casefold()).strip("-")[:_LONGEST_WORD].rstrip("-") or "x"
    return f"{word}-{said[:_DIGITS]}"


def kept_secret(path: Path) -> bytes:
    """Return the secret that is kept in a file, made at the first call; nobody else can read it.

    Raises:
        OSError: It can be neither read nor made.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    made.write_bytes(b"")
    made.chmod(0o600)
    made.write_bytes(os.urandom(_SECRET_BYTES))
    try:
        os.link(made, path)  # of two that make it at once, the first one's holds
    except FileExistsError:
        pass
    finally:
        made.unlink()
    return path.read_bytes()
