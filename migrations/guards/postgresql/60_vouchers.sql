-- A voucher begins as a draft and is decided once.
CREATE FUNCTION guard_voucher_new() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation',
    MESSAGE = 'voucher: a new voucher is a draft';
END
$$
--;;
CREATE TRIGGER guard_voucher_new BEFORE INSERT ON voucher
FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM 'draft') EXECUTE FUNCTION guard_voucher_new()
--;;
CREATE FUNCTION guard_voucher_update() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  refusal text;
BEGIN
  IF OLD.state NOT IN ('draft', 'waiting') THEN
    refusal := 'voucher: what was decided never changes';
  ELSIF (NEW.centre_id, NEW.id, NEW.kind, NEW.reverses_id, NEW.corrects_id, NEW.template_id,
         NEW.due_on)
    IS DISTINCT FROM (OLD.centre_id, OLD.id, OLD.kind, OLD.reverses_id, OLD.corrects_id,
                      OLD.template_id, OLD.due_on) THEN
    refusal := 'voucher: what it was made for never changes';
  ELSIF OLD.state = 'waiting'
    AND (NEW.digest, NEW.content::text, NEW.total_satang, NEW.business_date, NEW.reverse_on,
         NEW.prepared_by)
      IS DISTINCT FROM (OLD.digest, OLD.content::text, OLD.total_satang, OLD.business_date,
                        OLD.reverse_on, OLD.prepared_by) THEN
    refusal := 'voucher: what waits for approval does not change';
  ELSIF NEW.state = 'posted' AND NOT EXISTS (
    SELECT 1 FROM journal_entry
    WHERE centre_id = NEW.centre_id AND source_type = 'voucher' AND source_id = NEW.id
      AND kind = 'voucher_' || NEW.kind AND debit_total = NEW.total_satang
      AND business_date = NEW.business_date) THEN
    refusal := 'voucher: it is posted by its entry';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_voucher_update BEFORE UPDATE ON voucher
FOR EACH ROW EXECUTE FUNCTION guard_voucher_update()
--;;
-- The entry of a voucher: of the same sum and day, and above the limit (500000 satang until the
-- centre sets its own) posted by somebody else than who prepared it. The voucher's row is held, so
-- that it can't be changed between the question and the posting.
CREATE FUNCTION guard_voucher_entry() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  prepared voucher%ROWTYPE;
BEGIN
  SELECT * INTO prepared FROM voucher
  WHERE centre_id = NEW.centre_id AND id = NEW.source_id FOR UPDATE;
  IF prepared.id IS NULL OR prepared.state NOT IN ('draft', 'waiting')
    OR 'voucher_' || prepared.kind IS DISTINCT FROM NEW.kind
    OR prepared.total_satang IS DISTINCT FROM NEW.debit_total
    OR prepared.business_date IS DISTINCT FROM NEW.business_date
    OR prepared.reverses_id IS DISTINCT FROM NEW.reverses_id
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'voucher: an entry is that of its voucher';
  END IF;
  IF NEW.debit_total > coalesce((
      SELECT approval_limit_satang FROM book_settings WHERE centre_id = NEW.centre_id), 500000)
    AND (prepared.state <> 'waiting' OR prepared.prepared_by IS NULL OR NEW.posted_by IS NULL
      OR prepared.prepared_by = NEW.posted_by)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'voucher: above the limit a second person approves';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_voucher_entry BEFORE INSERT ON journal_entry
FOR EACH ROW WHEN (NEW.source_type = 'voucher' AND NEW.kind <> 'accrual_reversal')
EXECUTE FUNCTION guard_voucher_entry()
--;;
-- An accrual goes back by itself, on the day its posted voucher says and not before.
CREATE FUNCTION guard_voucher_accrual() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM voucher
    JOIN journal_entry AS entry ON entry.centre_id = voucher.centre_id
      AND entry.source_type = 'voucher' AND entry.source_id = voucher.id
      AND entry.kind = 'voucher_' || voucher.kind
    WHERE voucher.centre_id = NEW.centre_id AND voucher.id = NEW.source_id
      AND voucher.state = 'posted' AND voucher.reverse_on = NEW.business_date
      AND entry.id = NEW.reverses_id)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'voucher: an accrual goes back on its day';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_voucher_accrual BEFORE INSERT ON journal_entry
FOR EACH ROW WHEN (NEW.source_type = 'voucher' AND NEW.kind = 'accrual_reversal')
EXECUTE FUNCTION guard_voucher_accrual()
