"""Who calls, and what they may do: tokens, roles on a day, the policy's rows; the demo's issuer."""
