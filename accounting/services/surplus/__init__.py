"""The year's surplus: rule sets, scenarios, allocation, members' parts, posting, reversal."""
