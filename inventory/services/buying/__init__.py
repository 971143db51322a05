"""Outright buying: suppliers, orders, what came, what went back, what is due, the seller's word."""
