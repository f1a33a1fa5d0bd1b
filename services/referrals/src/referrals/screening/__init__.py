"""The safeguarding screen: mandatory, recorded also when negative, before all else is known."""
