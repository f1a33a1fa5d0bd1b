"""The event store on PostgreSQL: append, feed, projections, rebuild."""
