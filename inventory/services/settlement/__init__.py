"""Settling with producers: prepared by one, approved by another, posted whole, paid later."""
