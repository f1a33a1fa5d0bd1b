"""Programmes, cohorts, places, attendance."""
