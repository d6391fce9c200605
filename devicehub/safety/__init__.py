"""Safety: what may be sent to a massager. Pure; `governor` is the place to begin reading."""
