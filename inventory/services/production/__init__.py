"""Making goods: recipes, batches, repacking, and where goods that came out came from."""
