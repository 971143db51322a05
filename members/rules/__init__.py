"""Pure decisions and arithmetic of this room: no database, no clock, no HTTP."""
