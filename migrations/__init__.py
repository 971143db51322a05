"""The schema's history, the guards that hold the books, and the rights of the app's role."""
