"""Sale on account: what members may owe, their bills, repayments, and debts given up."""
