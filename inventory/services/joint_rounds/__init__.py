"""Joint buying rounds: orders collected, one purchase, shared out on arrival to the satang."""
