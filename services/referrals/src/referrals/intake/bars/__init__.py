"""Referral messages in the shape of the NHS Booking and Referral Standard (BaRS), FHIR R4."""
