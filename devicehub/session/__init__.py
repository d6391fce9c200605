"""One session: the core loop and what it turns."""
