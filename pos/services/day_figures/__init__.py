"""The manager's day: what was taken, by whom, of what, when; and what wants a look.

`documents` adds up documents; `rolling` keeps the sums of days that are over, in the worker;
`standing` knows which of them still hold; `reading` puts kept and living days together for a page.
`goods` tells what sells and what lies, `hints` what to order or ask for, `exceptions` what to look
at; `settings` and `report` are about the paper of the day; `checks` is for `verify`.
"""
