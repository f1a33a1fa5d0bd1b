"""What others would take instead, each driven by its own API with its documented safe settings."""
