"""Families that come with a case that another authority passes on."""
