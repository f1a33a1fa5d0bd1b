"""Whoever follows a service's own log: projections, deadlines, the transparency log."""
