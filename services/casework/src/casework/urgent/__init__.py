"""What cannot wait: concerns about a child, and who is on duty to hear of them at any hour."""
