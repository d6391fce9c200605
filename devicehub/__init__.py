"""The hub: connects to massagers and plays profiles on them, under caps."""
