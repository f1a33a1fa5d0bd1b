"""All classes of faults, by their names in the plan of faults."""

from faults.classes.killing import F01
from faults.scene import FaultClass

CLASSES: dict[str, FaultClass] = {each.kind: each for each in (F01,)}
