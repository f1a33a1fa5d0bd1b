"""Consent to refer on and to share: who agreed to what, for which recipient, from when."""
