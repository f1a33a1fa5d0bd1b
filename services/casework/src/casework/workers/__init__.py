"""The people who work with families: what they can, teams, registers, whose work is whose."""
