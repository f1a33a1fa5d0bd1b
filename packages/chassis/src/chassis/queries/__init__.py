"""Reading: read models fresh to a position, and the past as it was known."""
