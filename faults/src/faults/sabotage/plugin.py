"""A plugin of pytest: plants the bug that the environment names, before anything is imported."""

import os

from faults.sabotage.known import bug
from faults.sabotage.planting import VARIABLE, install

if name := os.environ.get(VARIABLE):
    install(bug(name))
