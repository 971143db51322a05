-- The close of a month: two people, the right order, and a chain of seals that only grows.
CREATE FUNCTION guard_accounting_period_order() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  -- A new month and the lock of a later one must see each other: they wait for each other.
  PERFORM pg_advisory_xact_lock(hashtextextended('accounting_period', NEW.centre_id));
  IF EXISTS (
    SELECT 1 FROM accounting_period
    WHERE centre_id = NEW.centre_id AND id > NEW.id AND state = 'closed'
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'close: a later month is closed';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_accounting_period_order BEFORE INSERT ON accounting_period
FOR EACH ROW EXECUTE FUNCTION guard_accounting_period_order()
--;;
CREATE FUNCTION guard_accounting_period_signed() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  signed boolean := EXISTS (
    SELECT 1 FROM month_close_approval AS signed
    JOIN month_close ON month_close.centre_id = signed.centre_id
      AND month_close.id = signed.close_id
    WHERE signed.centre_id = NEW.centre_id AND month_close.period_id = NEW.id
      AND NOT EXISTS (
        SELECT 1 FROM month_reopening_approval AS undone
        WHERE undone.centre_id = signed.centre_id AND undone.close_id = signed.close_id));
  refusal text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('accounting_period', NEW.centre_id));
  IF NEW.state = 'closed' AND OLD.state = 'open' THEN
    IF NOT signed THEN
      refusal := 'close: nobody signed this month';
    ELSIF EXISTS (
      SELECT 1 FROM accounting_period
      WHERE centre_id = NEW.centre_id AND id < NEW.id AND state = 'open'
    ) THEN
      refusal := 'close: a month before it is open';
    END IF;
  ELSIF NEW.state = 'open' AND OLD.state = 'closed' THEN
    IF signed OR NEW.closed_at IS NOT NULL OR NEW.closed_by IS NOT NULL THEN
      refusal := 'close: nobody agreed to open this month';
    ELSIF EXISTS (
      SELECT 1 FROM accounting_period
      WHERE centre_id = NEW.centre_id AND id > NEW.id AND state = 'closed'
    ) THEN
      refusal := 'close: a later month is closed';
    END IF;
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_accounting_period_signed BEFORE UPDATE ON accounting_period
FOR EACH ROW EXECUTE FUNCTION guard_accounting_period_signed()
--;;
-- Who signs second is measured against who really prepared.
CREATE FUNCTION guard_month_close_approval_prepared() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.prepared_by IS DISTINCT FROM (
    SELECT prepared_by FROM month_close WHERE centre_id = NEW.centre_id AND id = NEW.close_id
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'close: the signature names another preparer';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_month_close_approval_prepared BEFORE INSERT ON month_close_approval
FOR EACH ROW EXECUTE FUNCTION guard_month_close_approval_prepared()
--;;
CREATE FUNCTION guard_month_reopening_approval_asked() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM month_reopening
    WHERE centre_id = NEW.centre_id AND id = NEW.reopening_id
      AND asked_by = NEW.asked_by AND close_id = NEW.close_id
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'close: the agreement names another request';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_month_reopening_approval_asked BEFORE INSERT ON month_reopening_approval
FOR EACH ROW EXECUTE FUNCTION guard_month_reopening_approval_asked()
--;;
-- A seal follows the last one, and covers the entries that come next.
CREATE FUNCTION guard_seal_follows() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  entries bigint;
  debits numeric;
BEGIN
  IF NEW.sequence IS DISTINCT FROM 1 + coalesce((
      SELECT max(sequence) FROM seal WHERE centre_id = NEW.centre_id), 0)
    OR NEW.previous IS DISTINCT FROM coalesce((
      SELECT hash FROM seal WHERE centre_id = NEW.centre_id AND sequence = NEW.sequence - 1),
      repeat('0', 64))
    OR NEW.first_no IS DISTINCT FROM 1 + coalesce((
      SELECT max(last_no) FROM seal
      WHERE centre_id = NEW.centre_id AND fiscal_year = NEW.fiscal_year), 0)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'seal: it does not follow the last one';
  END IF;
  SELECT count(*), sum(debit_total) INTO entries, debits FROM journal_entry
  WHERE centre_id = NEW.centre_id AND fiscal_year = NEW.fiscal_year
    AND entry_no BETWEEN NEW.first_no AND NEW.last_no;
  IF entries IS DISTINCT FROM NEW.entry_count OR debits IS DISTINCT FROM NEW.debit_total THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'seal: its entries are not there';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_seal_follows BEFORE INSERT ON seal
FOR EACH ROW EXECUTE FUNCTION guard_seal_follows()
--;;
CREATE TRIGGER guard_account_month_grows BEFORE UPDATE ON account_month
FOR EACH ROW WHEN (
  (NEW.centre_id, NEW.account_id, NEW.period_id, NEW.activity_id, NEW.closing)
    IS DISTINCT FROM (OLD.centre_id, OLD.account_id, OLD.period_id, OLD.activity_id, OLD.closing)
  OR NEW.debit < OLD.debit OR NEW.credit < OLD.credit
)
EXECUTE FUNCTION guard_refuse('seal: the sums of a month only grow')
--;;
CREATE TRIGGER guard_activity_update BEFORE UPDATE ON activity
FOR EACH ROW WHEN (
  (NEW.centre_id, NEW.id, NEW.code) IS DISTINCT FROM (OLD.centre_id, OLD.id, OLD.code)
)
EXECUTE FUNCTION guard_refuse('guard: an activity keeps its code')
