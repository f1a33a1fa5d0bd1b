"""The classes of faults: each breaks something, and proves that it did."""
