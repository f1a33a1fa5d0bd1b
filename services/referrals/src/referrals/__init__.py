"""The front door: people, referrals, screening, who owes the service."""
