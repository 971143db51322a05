"""Measurements, never tests: `make bench` runs them; docs/performance.md keeps the figures."""
