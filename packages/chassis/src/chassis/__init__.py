"""What the shell of every service shares: execute, relay, react, gRPC, clock, telemetry."""
