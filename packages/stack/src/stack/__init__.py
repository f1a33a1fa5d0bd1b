"""PostgreSQL and Kafka for this machine: embedded, in containers, or yours."""
