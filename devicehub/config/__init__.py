"""What a hub is told once: a TOML file and the environment, checked before anything starts."""
