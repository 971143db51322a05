"""Moving in with goods: products with their units and prices, and the stock that lies there."""
