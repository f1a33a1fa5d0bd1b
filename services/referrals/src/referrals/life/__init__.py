"""The life of one child's referral, from its receipt to its decision."""
