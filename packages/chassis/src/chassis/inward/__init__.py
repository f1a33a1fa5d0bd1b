"""From another service's record to what this one does about it; what cannot be done is parked."""
