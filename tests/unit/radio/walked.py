"""A bed that knows only more and less: the file of the one that is simulated."""

from devicehub.massagers.library import load_text
from devicehub.massagers.model import Massager

BED = "solace"
TEXT = """
family = "walked"
class = "surface_vibration"
stops_on_disconnect = "unknown"
on_lost_link = "Switch it off."
evidence = ["made up for a test; the keys are those of the simulated bed"]
[identify]
names = ["S4-*"]
service = "ffe0"
[chars]
tx = { uuid = "ffe1", response = true, gap_ms = 100 }
[[model]]
name = "solace"
title = "A bed with keys"
# The bed has three steps; of six, no cap lets more than three through.
actuators = [{ steps = 6, count = 2 }]
places = [
    { x_cm = -10, y_cm = -8, footprint_cm = 2, zones = ["gluteal", "thigh_posterior"] },
    { x_cm = 10, y_cm = -8, footprint_cm = 2, zones = ["gluteal", "thigh_posterior"] },
]
up = ["FF*4 05 00 00 00 10 {crc16}", "FF*4 05 00 00 00 12 {crc16}"]
down = ["FF*4 05 00 00 00 11 {crc16}", "FF*4 05 00 00 00 13 {crc16}"]
stop = "FF*4 05 00 00 00 1C {crc16}"
[[vectors]]
source = "worked out for this test"
levels = [1, 1]
writes = ["ffffffff050000001cd6c9", "ffffffff0500000010d6cc", "ffffffff0500000012570d"]
"""


def bed() -> Massager:
    return load_text(TEXT, "walked.toml").massagers[BED]
