"""A referral that another authority owes: offered to it, and taken over there or back again."""
