-- The close of a month: two people, the right order, and a chain of seals that only grows.
CREATE TRIGGER guard_accounting_period_order BEFORE INSERT ON accounting_period
WHEN EXISTS (
  SELECT 1 FROM accounting_period
  WHERE centre_id = NEW.centre_id AND id > NEW.id AND state = 'closed')
BEGIN
  SELECT RAISE(ABORT, 'close: a later month is closed');
END
--;;
CREATE TRIGGER guard_accounting_period_lock BEFORE UPDATE ON accounting_period
WHEN NEW.state = 'closed' AND OLD.state = 'open'
BEGIN
  SELECT RAISE(ABORT, 'close: nobody signed this month')
  WHERE NOT EXISTS (
    SELECT 1 FROM month_close_approval AS signed
    JOIN month_close ON month_close.centre_id = signed.centre_id
      AND month_close.id = signed.close_id
    WHERE signed.centre_id = NEW.centre_id AND month_close.period_id = NEW.id
      AND NOT EXISTS (
        SELECT 1 FROM month_reopening_approval AS undone
        WHERE undone.centre_id = signed.centre_id AND undone.close_id = signed.close_id));

  SELECT RAISE(ABORT, 'close: a month before it is open')
  WHERE EXISTS (
    SELECT 1 FROM accounting_period
    WHERE centre_id = NEW.centre_id AND id < NEW.id AND state = 'open');
END
--;;
CREATE TRIGGER guard_accounting_period_unlock BEFORE UPDATE ON accounting_period
WHEN NEW.state = 'open' AND OLD.state = 'closed'
BEGIN
  SELECT RAISE(ABORT, 'close: nobody agreed to open this month')
  WHERE NEW.closed_at IS NOT NULL OR NEW.closed_by IS NOT NULL OR EXISTS (
    SELECT 1 FROM month_close_approval AS signed
    JOIN month_close ON month_close.centre_id = signed.centre_id
      AND month_close.id = signed.close_id
    WHERE signed.centre_id = NEW.centre_id AND month_close.period_id = NEW.id
      AND NOT EXISTS (
        SELECT 1 FROM month_reopening_approval AS undone
        WHERE undone.centre_id = signed.centre_id AND undone.close_id = signed.close_id));

  SELECT RAISE(ABORT, 'close: a later month is closed')
  WHERE EXISTS (
    SELECT 1 FROM accounting_period
    WHERE centre_id = NEW.centre_id AND id > NEW.id AND state = 'closed');
END
--;;
-- Who signs second is measured against who really prepared.
CREATE TRIGGER guard_month_close_approval_prepared BEFORE INSERT ON month_close_approval
WHEN NEW.prepared_by IS NOT (
  SELECT prepared_by FROM month_close WHERE centre_id = NEW.centre_id AND id = NEW.close_id)
BEGIN
  SELECT RAISE(ABORT, 'close: the signature names another preparer');
END
--;;
CREATE TRIGGER guard_month_reopening_approval_asked BEFORE INSERT ON month_reopening_approval
WHEN (NEW.asked_by, NEW.close_id) IS NOT (
  SELECT asked_by, close_id FROM month_reopening
  WHERE centre_id = NEW.centre_id AND id = NEW.reopening_id)
BEGIN
  SELECT RAISE(ABORT, 'close: the agreement names another request');
END
--;;
-- A seal follows the last one, and covers the entries that come next.
CREATE TRIGGER guard_seal_follows BEFORE INSERT ON seal
BEGIN
  SELECT RAISE(ABORT, 'seal: it does not follow the last one')
  WHERE NEW.sequence IS NOT 1 + coalesce((
      SELECT max(sequence) FROM seal WHERE centre_id = NEW.centre_id), 0)
    OR NEW.previous IS NOT coalesce((
      SELECT hash FROM seal WHERE centre_id = NEW.centre_id AND sequence = NEW.sequence - 1),
      '0000000000000000000000000000000000000000000000000000000000000000')
    OR NEW.first_no IS NOT 1 + coalesce((
      SELECT max(last_no) FROM seal
      WHERE centre_id = NEW.centre_id AND fiscal_year = NEW.fiscal_year), 0);

  SELECT RAISE(ABORT, 'seal: its entries are not there')
  WHERE (NEW.entry_count, NEW.debit_total) IS NOT (
    SELECT count(*), sum(debit_total) FROM journal_entry
    WHERE centre_id = NEW.centre_id AND fiscal_year = NEW.fiscal_year
      AND entry_no BETWEEN NEW.first_no AND NEW.last_no);
END
--;;
CREATE TRIGGER guard_account_month_grows BEFORE UPDATE ON account_month
WHEN (NEW.centre_id, NEW.account_id, NEW.period_id, NEW.activity_id, NEW.closing)
    IS NOT (OLD.centre_id, OLD.account_id, OLD.period_id, OLD.activity_id, OLD.closing)
  OR typeof(NEW.debit) IS NOT 'integer' OR typeof(NEW.credit) IS NOT 'integer'
  OR NEW.debit < OLD.debit OR NEW.credit < OLD.credit
BEGIN
  SELECT RAISE(ABORT, 'seal: the sums of a month only grow');
END
--;;
CREATE TRIGGER guard_activity_update BEFORE UPDATE ON activity
WHEN (NEW.centre_id, NEW.id, NEW.code) IS NOT (OLD.centre_id, OLD.id, OLD.code)
BEGIN
  SELECT RAISE(ABORT, 'guard: an activity keeps its code');
END
