-- Lines and items of a match come first and its header last: the header's insert makes it count,
-- and is refused unless both sides are equal, account by account. That a line is matched once is held
-- by the unique keys over (line, live), which the guards against replacing rows put into words here.
CREATE TRIGGER guard_bank_match_line_late BEFORE INSERT ON bank_match_line
WHEN EXISTS (SELECT 1 FROM bank_match WHERE centre_id = NEW.centre_id AND id = NEW.match_id)
BEGIN
  SELECT RAISE(ABORT, 'bank: a match takes no more lines');
END
--;;
CREATE TRIGGER guard_bank_match_item_late BEFORE INSERT ON bank_match_item
WHEN EXISTS (SELECT 1 FROM bank_match WHERE centre_id = NEW.centre_id AND id = NEW.match_id)
BEGIN
  SELECT RAISE(ABORT, 'bank: a match takes no more lines');
END
--;;
CREATE TRIGGER guard_bank_match_whole BEFORE INSERT ON bank_match
BEGIN
  SELECT RAISE(ABORT, 'bank: a new match counts')
  WHERE NEW.live IS NOT 1 OR EXISTS (
    SELECT 1 FROM bank_match_line
    WHERE centre_id = NEW.centre_id AND match_id = NEW.id AND live IS NOT 1)
  OR EXISTS (
    SELECT 1 FROM bank_match_item
    WHERE centre_id = NEW.centre_id AND match_id = NEW.id AND live IS NOT 1);

  SELECT RAISE(ABORT, 'bank: both sides of a match are equal')
  WHERE NOT EXISTS (
    SELECT 1 FROM bank_match_item WHERE centre_id = NEW.centre_id AND match_id = NEW.id)
  OR NEW.amount_satang IS NOT (
    SELECT coalesce(sum(line.amount_satang), 0) FROM bank_match_line AS part
    JOIN bank_line AS line ON line.centre_id = part.centre_id AND line.id = part.line_id
    WHERE part.centre_id = NEW.centre_id AND part.match_id = NEW.id)
  OR EXISTS (
    SELECT 1 FROM bank_match_item AS part
    JOIN journal_line AS line ON line.centre_id = part.centre_id
      AND line.entry_id = part.entry_id AND line.line_no = part.line_no
    WHERE part.centre_id = NEW.centre_id AND part.match_id = NEW.id
    GROUP BY line.account_id
    HAVING sum(line.debit - line.credit)
      <> CASE line.account_id WHEN NEW.account_id THEN NEW.amount_satang ELSE 0 END)
  OR (NEW.amount_satang <> 0 AND NOT EXISTS (
    SELECT 1 FROM bank_match_item AS part
    JOIN journal_line AS line ON line.centre_id = part.centre_id
      AND line.entry_id = part.entry_id AND line.line_no = part.line_no
    WHERE part.centre_id = NEW.centre_id AND part.match_id = NEW.id
      AND line.account_id = NEW.account_id));

  SELECT RAISE(ABORT, 'bank: only lines of a statement of this account are matched')
  WHERE EXISTS (
    SELECT 1 FROM bank_match_line AS part
    JOIN bank_line AS line ON line.centre_id = part.centre_id AND line.id = part.line_id
    JOIN bank_statement AS statement ON statement.centre_id = line.centre_id
      AND statement.id = line.statement_id
    WHERE part.centre_id = NEW.centre_id AND part.match_id = NEW.id
      AND (line.account_id IS NOT NEW.account_id OR statement.live IS NULL));
END
--;;
-- A match is undone once and for ever; nothing else of it changes.
CREATE TRIGGER guard_bank_match_undone BEFORE UPDATE ON bank_match
WHEN NOT (OLD.live IS NOT NULL AND NEW.live IS NULL AND NEW.undone_at IS NOT NULL
  AND (NEW.centre_id, NEW.id, NEW.account_id, NEW.kind, NEW.how, NEW.amount_satang, NEW.entry_id,
       NEW.matched_at, NEW.matched_by, NEW.matched_name, NEW.digest, NEW.content)
    IS (OLD.centre_id, OLD.id, OLD.account_id, OLD.kind, OLD.how, OLD.amount_satang, OLD.entry_id,
        OLD.matched_at, OLD.matched_by, OLD.matched_name, OLD.digest, OLD.content))
BEGIN
  SELECT RAISE(ABORT, 'bank: a match is undone, never changed');
END
--;;
CREATE TRIGGER guard_bank_match_line_freed BEFORE UPDATE ON bank_match_line
WHEN NEW.live IS NOT NULL
  OR (NEW.centre_id, NEW.match_id, NEW.line_id) IS NOT (OLD.centre_id, OLD.match_id, OLD.line_id)
  OR EXISTS (
    SELECT 1 FROM bank_match
    WHERE centre_id = OLD.centre_id AND id = OLD.match_id AND live IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'bank: a match is undone, never changed');
END
--;;
CREATE TRIGGER guard_bank_match_item_freed BEFORE UPDATE ON bank_match_item
WHEN NEW.live IS NOT NULL
  OR (NEW.centre_id, NEW.match_id, NEW.entry_id, NEW.line_no)
    IS NOT (OLD.centre_id, OLD.match_id, OLD.entry_id, OLD.line_no)
  OR EXISTS (
    SELECT 1 FROM bank_match
    WHERE centre_id = OLD.centre_id AND id = OLD.match_id AND live IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'bank: a match is undone, never changed');
END
--;;
-- A statement is withdrawn only while nothing counts on it, and comes never back.
CREATE TRIGGER guard_bank_statement_withdrawn BEFORE UPDATE ON bank_statement
WHEN NOT (OLD.live IS NOT NULL AND NEW.live IS NULL AND NEW.withdrawn_at IS NOT NULL
  AND (NEW.centre_id, NEW.id, NEW.account_id, NEW.file_id, NEW.digest, NEW.first_day, NEW.last_day,
       NEW.opening_satang, NEW.closing_satang, NEW.line_count, NEW.known_count, NEW.mapping,
       NEW.imported_at, NEW.imported_by, NEW.imported_name)
    IS (OLD.centre_id, OLD.id, OLD.account_id, OLD.file_id, OLD.digest, OLD.first_day, OLD.last_day,
        OLD.opening_satang, OLD.closing_satang, OLD.line_count, OLD.known_count, OLD.mapping,
        OLD.imported_at, OLD.imported_by, OLD.imported_name))
BEGIN
  SELECT RAISE(ABORT, 'bank: a statement is withdrawn, never changed');
END
--;;
CREATE TRIGGER guard_bank_statement_matched BEFORE UPDATE ON bank_statement
WHEN EXISTS (
  SELECT 1 FROM bank_line AS line
  JOIN bank_match_line AS part ON part.centre_id = line.centre_id AND part.line_id = line.id
  WHERE line.centre_id = OLD.centre_id AND line.statement_id = OLD.id AND part.live IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'bank: lines of this statement are matched');
END
