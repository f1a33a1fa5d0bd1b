"""The border to gRPC: contexts, bounds, what is malformed, what a caller is told."""
