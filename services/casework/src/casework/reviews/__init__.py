"""Whether a plan still fits: due by the earliest of its triggers, held, with an outcome."""
