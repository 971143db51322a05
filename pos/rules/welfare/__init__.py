"""Welfare or profit: the measures, the verdict and the what-if of the village's question. Pure."""
