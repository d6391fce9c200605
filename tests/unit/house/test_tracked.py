"""What git keeps: nothing that is made anew on every machine."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="unpacked from an archive")
def test_nothing_that_is_ignored_is_tracked() -> None:
    listing = ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [], "git rm --cached takes a file out and leaves it on the disk"
