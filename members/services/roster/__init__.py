"""The duty roster: people and times (`staffing`), a week (`planning`), reading it (`reading`)."""
