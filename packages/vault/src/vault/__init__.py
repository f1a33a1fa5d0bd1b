"""Keys per subject, sealing of personal data, shredding."""
