"""The hub as a service: it owns massagers and sessions, and goes on when one of them ends."""
