"""Stock counts: blind sheets, what people counted, and the approval that corrects the books."""
