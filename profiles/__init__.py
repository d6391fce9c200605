"""The language of a massage: body map, profiles, techniques, scores. Pure; imports nothing else."""
