"""The device's side of every simulated massager's protocol, one file a family. Pure.

Each is written from the protocol's published facts alone and shares no code with the hub, so that
codec, firmware and golden vectors agree independently or not at all.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from firmware_sim.firmware.bhaptics_tactosy import BhapticsArm, BhapticsFoot, BhapticsHand
from firmware_sim.firmware.bhaptics_tactsuit import BhapticsX16, BhapticsX40
from firmware_sim.firmware.foreo import ForeoLuna, ForeoUfo
from firmware_sim.firmware.jensen import JensenJmc
from firmware_sim.firmware.keeson_serta import SertaMotion
from firmware_sim.firmware.kiiroo_prowand import KiirooProWand
from firmware_sim.firmware.leggett_gen2 import LeggettGen2
from firmware_sim.firmware.lovense import LovenseDomi, LovenseDual, LovenseTriple
from firmware_sim.firmware.magicmotion import MagicMotionWand, MagicMotionZenith
from firmware_sim.firmware.mymuse import MyMuseLinkPlus
from firmware_sim.firmware.nlr_hf8 import NlrHf8
from firmware_sim.firmware.reference_cape import ReferenceCape
from firmware_sim.firmware.reverie_108 import Reverie108
from firmware_sim.firmware.reverie_110 import Reverie110
from firmware_sim.firmware.richmat import RichmatDiscrete
from firmware_sim.firmware.rongtai import RongtaiRt8600s
from firmware_sim.firmware.satisfyer import (
    SatisfyerDoubleWand,
    SatisfyerMiniWand,
    SatisfyerTriple,
    SatisfyerWandPlus,
)
from firmware_sim.firmware.solace import Solace
from firmware_sim.firmware.svakom import SvakomEmmaNeo, SvakomEmmaNeo2, SvakomMiniEmmaNeo
from firmware_sim.firmware.truegear import TruegearMe02
from firmware_sim.firmware.wevibe import WeVibeWand, WeVibeWand2
from firmware_sim.firmware.youou import YououVX001
from firmware_sim.gatt import Firmware, SerialFirmware

_MODELS = (
    ReferenceCape,
    BhapticsX40,
    LovenseDomi,
    LovenseDual,
    LovenseTriple,
    WeVibeWand,
    WeVibeWand2,
    SatisfyerDoubleWand,
    SatisfyerWandPlus,
    SatisfyerMiniWand,
    SatisfyerTriple,
    KiirooProWand,
    MagicMotionWand,
    MagicMotionZenith,
    SvakomEmmaNeo,
    SvakomEmmaNeo2,
    SvakomMiniEmmaNeo,
    YououVX001,
    MyMuseLinkPlus,
    ForeoLuna,
    ForeoUfo,
    BhapticsX16,
    BhapticsArm,
    BhapticsHand,
    BhapticsFoot,
    TruegearMe02,
    Reverie108,
    Reverie110,
    JensenJmc,
    LeggettGen2,
    RichmatDiscrete,
    Solace,
    SertaMotion,
    RongtaiRt8600s,
)

REGISTRY: Mapping[str, Callable[[], Firmware]] = MappingProxyType(
    {firmware.model: firmware for firmware in _MODELS}
)
"""Model name to a factory that switches a new device on."""

SERIAL: Mapping[str, Callable[[], SerialFirmware]] = MappingProxyType({NlrHf8.model: NlrHf8})
"""The same for massagers at the end of a serial line."""
