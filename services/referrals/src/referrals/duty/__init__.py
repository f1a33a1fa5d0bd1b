"""Who owes a child the service, and from when to when."""
