"""The event that every peer writes: as many bytes of data and metadata as ours has."""

DATA = {"text": "x" * 180}
METADATA = {
    "category": "Thing",
    "actor": "nobody",
    "role": "none",
    "correlation_id": "00000000-0000-0000-0000-000000000000",
    "basis": "fact",
}
