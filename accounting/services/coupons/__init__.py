"""Coupons a fund pays for: made out, used at the till, given back, cancelled."""
