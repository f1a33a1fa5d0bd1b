"""From a stored event to the record that other services hear."""
