"""Reports the worker makes: gather, decide with a pure rule, draw the document."""
