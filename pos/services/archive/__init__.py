"""A whole centre as one file, and that file as a centre of another installation.

plan      which tables go along, in which order, and what stays behind
values    a row as JSON, and back
manifest  what is in an archive, and whether it is what it was
writing   the file
adopting  the file as a centre here, all or nothing
asking    the file as a job of the worker
"""
