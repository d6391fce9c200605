"""Publish: the hub as others see it over MQTT, and what they may ask of it."""
