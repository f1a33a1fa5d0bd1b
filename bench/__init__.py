"""`make bench`: what the platform does a second, beside its floor and its peers in the same run."""
