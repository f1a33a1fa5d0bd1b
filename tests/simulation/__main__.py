"""Writes down anew what each story comes to, for whoever changed a story or a service."""

import json

from tests.simulation.crashing import OUTCOMES, outcome_of
from tests.simulation.stories import STORIES

found = {story.__name__: outcome_of(story) for story in STORIES}
OUTCOMES.write_text(json.dumps(found, indent=1) + "\n")
