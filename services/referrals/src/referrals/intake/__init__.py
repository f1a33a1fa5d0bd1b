"""How a referral comes in: its form, its rules, what is kept of it."""
