# ruff: noqa: INP001 # Python looks for a module of this name in a folder of its own
"""Plants the bug that the environment names in a program that a supervisor started."""

import faults.sabotage.plugin  # noqa: F401 # importing it plants
