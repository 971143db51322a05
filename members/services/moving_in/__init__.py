"""Moving in: tables brought as files, looked over line by line, taken, and given out again."""
