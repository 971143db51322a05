"""The worker: long jobs, asked for by a row in the database, made once, with progress."""
