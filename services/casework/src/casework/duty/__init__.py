"""Another authority comes to owe a child the service: both act, and neither leaves first."""
