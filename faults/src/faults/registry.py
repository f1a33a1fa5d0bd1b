"""All classes of faults, by their names in the plan of faults."""

from faults.classes.broker import F08
from faults.classes.groups import F18, F19
from faults.classes.killing import F01
from faults.classes.network import F11, F13
from faults.classes.points import F02, F03
from faults.classes.poison import F17
from faults.classes.read_models import F20, F21
from faults.classes.reordering import F16
from faults.classes.repeating import F15
from faults.classes.stopping import F04
from faults.classes.storing import F05, F06
from faults.scene import FaultClass

CLASSES: dict[str, FaultClass] = {
    each.kind: each
    for each in (
        *(F01, F02, F03, F04, F05, F06, F08, F11, F13),
        *(F15, F16, F17, F18, F19, F20, F21),
    )
}
