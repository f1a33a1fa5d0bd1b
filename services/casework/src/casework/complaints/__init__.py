"""Complaints in their three stages: none of them is a representation on a proposal."""
