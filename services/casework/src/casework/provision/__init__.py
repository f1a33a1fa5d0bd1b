"""Help that could not wait: what was skipped, who answers for it, and what sets it right."""
