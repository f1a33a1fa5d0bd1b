"""Enquiries: somebody asks, and no child has a record yet."""
