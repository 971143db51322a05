-- A table brought in may be looked over and changed until it is taken or dropped; what was brought,
-- by whom and when stays, and so does what became of a line.
CREATE TRIGGER guard_table_import_update BEFORE UPDATE ON table_import
WHEN (OLD.state IN ('taken', 'dropped') AND (NEW.state, NEW.taken_at, NEW.taken_by, NEW.choices)
    IS NOT (OLD.state, OLD.taken_at, OLD.taken_by, OLD.choices))
  OR (OLD.state = 'taking' AND NEW.state NOT IN ('taking', 'taken'))
  OR (OLD.state = 'open' AND NEW.state NOT IN ('open', 'taking', 'dropped'))
  OR (NEW.centre_id, NEW.id, NEW.import_no, NEW.kind, NEW.digest, NEW.recorded_at, NEW.recorded_by)
    IS NOT (OLD.centre_id, OLD.id, OLD.import_no, OLD.kind, OLD.digest, OLD.recorded_at,
            OLD.recorded_by)
BEGIN
  SELECT RAISE(ABORT, 'guard: a table changes only while it is open');
END
--;;
CREATE TRIGGER guard_table_import_line_update BEFORE UPDATE ON table_import_line
WHEN OLD.outcome <> 'waiting'
  OR (NEW.outcome <> 'waiting' AND NOT EXISTS (
    SELECT 1 FROM table_import
    WHERE centre_id = OLD.centre_id AND id = OLD.import_id AND state = 'taking'))
BEGIN
  SELECT RAISE(ABORT, 'guard: a line is taken once, while its table is taken');
END
