"""The bugs, by the part of the product that they spoil."""
