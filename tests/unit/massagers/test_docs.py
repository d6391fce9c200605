"""The page on massager files says what the files and the schema say."""

import re

from devicehub.massagers.encode import raw
from devicehub.massagers.schema import MassagerFile
from devicehub.massagers.shelf import texts
from tests.shipped import ROOT
from tests.unit.massagers.material import CAPE

PAGE = (ROOT / "docs" / "massager-files.md").read_text(encoding="utf-8")


def test_every_word_of_the_frame_language_is_explained() -> None:
    for word in ("all", "nibbles", "on 0 FF", "bits 0 1", "counter"):
        assert f"`{{{word}}}`" in PAGE
    for checksum in ("xor", "sum8", "sumFF", "not7", "crc16"):
        assert f"`{{{checksum}}}`" in PAGE


def test_every_key_of_a_file_is_explained() -> None:
    for name, field in MassagerFile.model_fields.items():
        key = field.alias or name
        assert re.search(rf"`{key}`|^{key} = |\[\[?{key}\]\]?", PAGE, re.MULTILINE), key


def test_the_lines_of_the_cape_stand_in_its_file() -> None:
    cape = dict(texts())["reference-cape.toml"]
    for line in (
        'names = ["DH-CAPE"]',
        'levels = { uuid = "7d3c0002-52a4-4c0e-9f6b-2b1e8a6cd101", response = true }',
        "actuators = [{ steps = 100, count = 12 }]",
        'set = "@levels 01 {counter} {all} {xor}"',
        'frame = "01 ?? ?? {all} {half_c} {battery}"',
        'heat = { on = "@heat 01 {half_c}", off = "@heat 00", max_c = 40, sensor = true, ',
        'writes = ["010700000000000000000000000006"]',
    ):
        assert line in PAGE
        assert line in cape


def test_the_worked_example_is_right() -> None:
    assert "`62`" in PAGE
    (write,) = raw(CAPE, [100, *[0] * 11], 7)
    assert write.data.hex(" ") == "01 07 64" + " 00" * 11 + " 62"
