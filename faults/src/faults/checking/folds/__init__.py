"""What the events make of each service's central read models: folds of the checker's own."""
