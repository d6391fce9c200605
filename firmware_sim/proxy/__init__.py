"""A simulated ESPHome Bluetooth proxy: adverts and links of an air, over the native API.

Needs the extra `proxy`: messages and their numbers are those of aioesphomeapi. Nothing outside this
package imports it but the command that starts it.
"""
