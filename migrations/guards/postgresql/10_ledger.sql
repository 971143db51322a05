CREATE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'guard: rows of % are never %', TG_TABLE_NAME,
    CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END
    USING ERRCODE = 'check_violation';
END $$
--;;
-- Posting is the insert of the header: its lines are there already and must add up to it. The month
-- is read under a lock that a close has to wait for, so no entry slips into a month being closed.
CREATE FUNCTION guard_journal_entry_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found record;
  period_state text;
BEGIN
  SELECT count(*) AS lines, coalesce(sum(debit), 0) AS debit, coalesce(sum(credit), 0) AS credit,
         coalesce(bool_and(business_date = NEW.business_date), false) AS same_date
    INTO found FROM journal_line WHERE centre_id = NEW.centre_id AND entry_id = NEW.id;
  IF found.lines <> NEW.line_count OR NEW.line_count < 2
     OR found.debit <> NEW.debit_total OR found.credit <> NEW.credit_total
     OR NEW.debit_total <> NEW.credit_total OR NOT found.same_date THEN
    RAISE EXCEPTION 'ledger: the entry does not balance with its lines'
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM journal_line l
             JOIN account a ON a.centre_id = l.centre_id AND a.id = l.account_id
             WHERE l.centre_id = NEW.centre_id AND l.entry_id = NEW.id
               AND (a.control_key = 'producer' AND l.producer_id IS NULL
                 OR a.control_key = 'member' AND l.member_id IS NULL
                 OR a.control_key = 'lot' AND l.lot_id IS NULL
                 OR a.control_key = 'till' AND l.till_id IS NULL)) THEN
    RAISE EXCEPTION 'ledger: a line of a control account lacks its sub-ledger key'
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.period_id <> extract(year FROM NEW.business_date) * 100
                    + extract(month FROM NEW.business_date) THEN
    RAISE EXCEPTION 'ledger: the period is not that of the date' USING ERRCODE = 'check_violation';
  END IF;
  SELECT state INTO period_state FROM accounting_period
    WHERE centre_id = NEW.centre_id AND id = NEW.period_id FOR SHARE;
  IF period_state IS NULL THEN
    RAISE EXCEPTION 'ledger: there is no such period' USING ERRCODE = 'check_violation';
  ELSIF period_state <> 'open' THEN
    RAISE EXCEPTION 'ledger: the period is closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER guard_journal_entry_post BEFORE INSERT ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION guard_journal_entry_post()
--;;
-- Two sessions could write lines of one entry at once, neither seeing the other's header. Whoever
-- writes lines holds the entry until its transaction ends; the other then finds the header and is
-- refused, or finds none and writes an entry of its own.
CREATE FUNCTION guard_journal_line_posted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  entry record;
BEGIN
  FOR entry IN SELECT DISTINCT centre_id, entry_id FROM new_lines LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended(entry.entry_id::text, entry.centre_id));
    IF EXISTS (SELECT 1 FROM journal_entry
               WHERE centre_id = entry.centre_id AND id = entry.entry_id) THEN
      RAISE EXCEPTION 'ledger: the entry is posted, no line can be added'
        USING ERRCODE = 'check_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END $$
--;;
CREATE TRIGGER guard_journal_line_posted AFTER INSERT ON journal_line
  REFERENCING NEW TABLE AS new_lines
  FOR EACH STATEMENT EXECUTE FUNCTION guard_journal_line_posted()
--;;
CREATE FUNCTION guard_account_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.centre_id, NEW.id, NEW.type, NEW.control_key)
     IS DISTINCT FROM (OLD.centre_id, OLD.id, OLD.type, OLD.control_key)
     OR (OLD.purpose IS NOT NULL AND NEW.purpose IS DISTINCT FROM OLD.purpose) THEN
    RAISE EXCEPTION 'ledger: what an account is for never changes'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER guard_account_fixed BEFORE UPDATE ON account
  FOR EACH ROW EXECUTE FUNCTION guard_account_fixed()
--;;
CREATE FUNCTION guard_accounting_period_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'closed' OR (NEW.centre_id, NEW.id) IS DISTINCT FROM (OLD.centre_id, OLD.id) THEN
    RAISE EXCEPTION 'ledger: a closed period stays closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER guard_accounting_period_closed BEFORE UPDATE ON accounting_period
  FOR EACH ROW EXECUTE FUNCTION guard_accounting_period_closed()
--;;
CREATE FUNCTION guard_number_series_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.last_number <> OLD.last_number + 1
     OR (NEW.centre_id, NEW.series, NEW.year)
        IS DISTINCT FROM (OLD.centre_id, OLD.series, OLD.year) THEN
    RAISE EXCEPTION 'guard: numbers go up one by one' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER guard_number_series_next BEFORE UPDATE ON number_series
  FOR EACH ROW EXECUTE FUNCTION guard_number_series_next()
