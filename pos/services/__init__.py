"""Use-cases of this room: permission first, then fetch, ask the rules, write; never commit."""
