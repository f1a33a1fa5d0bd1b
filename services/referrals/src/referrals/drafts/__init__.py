"""Drafts: a referral that somebody is still writing."""
