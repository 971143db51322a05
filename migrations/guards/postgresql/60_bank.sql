-- Lines and items of a match come first and its header last: the header's insert makes it count,
-- and is refused unless both sides are equal, account by account.
CREATE FUNCTION guard_bank_match_part() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM bank_match WHERE centre_id = NEW.centre_id AND id = NEW.match_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'bank: a match takes no more lines';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_bank_match_line_late BEFORE INSERT ON bank_match_line
FOR EACH ROW EXECUTE FUNCTION guard_bank_match_part()
--;;
CREATE TRIGGER guard_bank_match_item_late BEFORE INSERT ON bank_match_item
FOR EACH ROW EXECUTE FUNCTION guard_bank_match_part()
--;;
-- Two sessions at once are parted by the unique keys over (line, live); this says it in our words.
CREATE FUNCTION guard_bank_match_line_once() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM bank_match_line
    WHERE centre_id = NEW.centre_id AND line_id = NEW.line_id AND live
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'bank: this line is matched already';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_bank_match_line_once BEFORE INSERT ON bank_match_line
FOR EACH ROW EXECUTE FUNCTION guard_bank_match_line_once()
--;;
CREATE FUNCTION guard_bank_match_item_once() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM bank_match_item
    WHERE centre_id = NEW.centre_id AND entry_id = NEW.entry_id AND line_no = NEW.line_no AND live
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'bank: this line is matched already';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_bank_match_item_once BEFORE INSERT ON bank_match_item
FOR EACH ROW EXECUTE FUNCTION guard_bank_match_item_once()
--;;
CREATE FUNCTION guard_bank_match_insert() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  refusal text;
BEGIN
  IF NEW.live IS NOT TRUE OR EXISTS (
    SELECT 1 FROM bank_match_line
    WHERE centre_id = NEW.centre_id AND match_id = NEW.id AND live IS NOT TRUE
  ) OR EXISTS (
    SELECT 1 FROM bank_match_item
    WHERE centre_id = NEW.centre_id AND match_id = NEW.id AND live IS NOT TRUE
  ) THEN
    refusal := 'bank: a new match counts';
  ELSIF NOT EXISTS (
    SELECT 1 FROM bank_match_item WHERE centre_id = NEW.centre_id AND match_id = NEW.id
  ) OR NEW.amount_satang IS DISTINCT FROM (
    SELECT coalesce(sum(line.amount_satang), 0) FROM bank_match_line AS part
    JOIN bank_line AS line ON line.centre_id = part.centre_id AND line.id = part.line_id
    WHERE part.centre_id = NEW.centre_id AND part.match_id = NEW.id
  ) OR EXISTS (
    SELECT 1 FROM bank_match_item AS part
    JOIN journal_line AS line ON line.centre_id = part.centre_id
      AND line.entry_id = part.entry_id AND line.line_no = part.line_no
    WHERE part.centre_id = NEW.centre_id AND part.match_id = NEW.id
    GROUP BY line.account_id
    HAVING sum(line.debit - line.credit)
      <> CASE line.account_id WHEN NEW.account_id THEN NEW.amount_satang ELSE 0 END
  ) OR (NEW.amount_satang <> 0 AND NOT EXISTS (
    SELECT 1 FROM bank_match_item AS part
    JOIN journal_line AS line ON line.centre_id = part.centre_id
      AND line.entry_id = part.entry_id AND line.line_no = part.line_no
    WHERE part.centre_id = NEW.centre_id AND part.match_id = NEW.id
      AND line.account_id = NEW.account_id
  )) THEN
    refusal := 'bank: both sides of a match are equal';
  ELSIF EXISTS (
    SELECT 1 FROM bank_match_line AS part
    JOIN bank_line AS line ON line.centre_id = part.centre_id AND line.id = part.line_id
    JOIN bank_statement AS statement ON statement.centre_id = line.centre_id
      AND statement.id = line.statement_id
    WHERE part.centre_id = NEW.centre_id AND part.match_id = NEW.id
      AND (line.account_id <> NEW.account_id OR statement.live IS NULL)
  ) THEN
    refusal := 'bank: only lines of a statement of this account are matched';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_bank_match_whole BEFORE INSERT ON bank_match
FOR EACH ROW EXECUTE FUNCTION guard_bank_match_insert()
--;;
-- A match is undone once and for ever; nothing else of it changes.
CREATE TRIGGER guard_bank_match_undone BEFORE UPDATE ON bank_match
FOR EACH ROW WHEN (NOT (
  OLD.live IS NOT NULL AND NEW.live IS NULL AND NEW.undone_at IS NOT NULL
  AND (NEW.centre_id, NEW.id, NEW.account_id, NEW.kind, NEW.how, NEW.amount_satang, NEW.entry_id,
       NEW.matched_at, NEW.matched_by, NEW.matched_name, NEW.digest, NEW.content::text)
    IS NOT DISTINCT FROM
      (OLD.centre_id, OLD.id, OLD.account_id, OLD.kind, OLD.how, OLD.amount_satang, OLD.entry_id,
       OLD.matched_at, OLD.matched_by, OLD.matched_name, OLD.digest, OLD.content::text)))
EXECUTE FUNCTION guard_refuse('bank: a match is undone, never changed')
--;;
CREATE FUNCTION guard_bank_match_part_freed() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.live IS NOT NULL OR (to_jsonb(NEW) - 'live') IS DISTINCT FROM (to_jsonb(OLD) - 'live')
    OR EXISTS (
      SELECT 1 FROM bank_match
      WHERE centre_id = OLD.centre_id AND id = OLD.match_id AND live
    ) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'bank: a match is undone, never changed';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_bank_match_line_freed BEFORE UPDATE ON bank_match_line
FOR EACH ROW EXECUTE FUNCTION guard_bank_match_part_freed()
--;;
CREATE TRIGGER guard_bank_match_item_freed BEFORE UPDATE ON bank_match_item
FOR EACH ROW EXECUTE FUNCTION guard_bank_match_part_freed()
--;;
-- A statement is withdrawn only while nothing counts on it, and comes never back.
CREATE TRIGGER guard_bank_statement_withdrawn BEFORE UPDATE ON bank_statement
FOR EACH ROW WHEN (NOT (
  OLD.live IS NOT NULL AND NEW.live IS NULL AND NEW.withdrawn_at IS NOT NULL
  AND (NEW.centre_id, NEW.id, NEW.account_id, NEW.file_id, NEW.digest, NEW.first_day, NEW.last_day,
       NEW.opening_satang, NEW.closing_satang, NEW.line_count, NEW.known_count, NEW.mapping::text,
       NEW.imported_at, NEW.imported_by, NEW.imported_name)
    IS NOT DISTINCT FROM
      (OLD.centre_id, OLD.id, OLD.account_id, OLD.file_id, OLD.digest, OLD.first_day, OLD.last_day,
       OLD.opening_satang, OLD.closing_satang, OLD.line_count, OLD.known_count, OLD.mapping::text,
       OLD.imported_at, OLD.imported_by, OLD.imported_name)))
EXECUTE FUNCTION guard_refuse('bank: a statement is withdrawn, never changed')
--;;
CREATE FUNCTION guard_bank_statement_matched() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM bank_line AS line
    JOIN bank_match_line AS part ON part.centre_id = line.centre_id AND part.line_id = line.id
    WHERE line.centre_id = OLD.centre_id AND line.statement_id = OLD.id AND part.live
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'bank: lines of this statement are matched';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_bank_statement_matched BEFORE UPDATE ON bank_statement
FOR EACH ROW EXECUTE FUNCTION guard_bank_statement_matched()
