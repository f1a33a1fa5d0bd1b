"""First figures, each beside the floor measured in the same run."""
