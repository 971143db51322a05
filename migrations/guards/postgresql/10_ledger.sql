-- Lines come first and the header last: once it is there, the entry is whole.
-- Two sessions could still meet: ours has written lines and header of an entry but not committed,
-- another adds a line to that entry, sees no header, and its deferred foreign key is content when
-- both have committed. So whoever adds lines first takes a lock on the entry's id and holds it to
-- the end of the transaction; the other waits and then sees the header, because at READ COMMITTED
-- each statement of this function looks anew. At stricter levels it would look into the past, so
-- lines are not written at those at all.
CREATE FUNCTION guard_journal_line_insert() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'ledger: entries are posted at read committed only';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(named.entry, 0))
  FROM (SELECT DISTINCT entry_id::text AS entry FROM added ORDER BY 1) AS named;
  IF EXISTS (
    SELECT 1 FROM added
    JOIN journal_entry ON journal_entry.centre_id = added.centre_id
      AND journal_entry.id = added.entry_id
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'ledger: a posted entry takes no more lines';
  END IF;
  RETURN NULL;
END
$$
--;;
CREATE TRIGGER guard_journal_line_late AFTER INSERT ON journal_line
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guard_journal_line_insert()
--;;
-- The header's insert posts the entry. The period's row is locked so that a close, which takes the
-- stronger lock (below), either comes after this transaction or is seen by it.
CREATE FUNCTION guard_journal_entry_insert() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  lines bigint;
  debits numeric;
  credits numeric;
  same_day boolean;
  own_period integer := to_char(NEW.business_date, 'YYYYMM')::integer;
  unkeyed boolean;
  period_state text;
  refusal text;
BEGIN
  SELECT count(*), sum(line.debit), sum(line.credit),
    bool_and(line.posting_date = NEW.posting_date),
    bool_or(CASE account.control_key
      WHEN '' THEN false
      WHEN 'producer' THEN line.producer_id IS NULL
      WHEN 'member' THEN line.member_id IS NULL
      WHEN 'lot' THEN line.lot_id IS NULL
      WHEN 'till' THEN line.till_id IS NULL
      ELSE true
    END)
  INTO lines, debits, credits, same_day, unkeyed
  FROM journal_line AS line
  JOIN account ON account.centre_id = line.centre_id AND account.id = line.account_id
  WHERE line.centre_id = NEW.centre_id AND line.entry_id = NEW.id;

  IF lines < 2 OR lines IS DISTINCT FROM NEW.line_count THEN
    refusal := 'ledger: an entry has at least two lines and counts them all';
  ELSIF debits <> credits OR debits IS DISTINCT FROM NEW.debit_total
      OR credits IS DISTINCT FROM NEW.credit_total THEN
    refusal := 'ledger: the entry does not balance';
  ELSIF NOT same_day THEN
    refusal := 'ledger: every line bears the date of its entry';
  ELSIF unkeyed THEN
    refusal := 'ledger: a line of a control account lacks its key';
  ELSIF NEW.period_id IS DISTINCT FROM to_char(NEW.posting_date, 'YYYYMM')::integer THEN
    refusal := 'ledger: the period is not the month of the date';
  ELSIF NEW.posting_date <> NEW.business_date AND NOT EXISTS (
    -- What counts on another day than its own is late: its own month was locked before it came.
    SELECT 1 FROM accounting_period
    WHERE centre_id = NEW.centre_id AND id = own_period AND state = 'closed'
    FOR KEY SHARE
  ) THEN
    refusal := 'ledger: only a document of a locked month counts on another day';
  ELSE
    SELECT state INTO period_state FROM accounting_period
    WHERE centre_id = NEW.centre_id AND id = NEW.period_id
    FOR KEY SHARE;
    IF period_state IS NULL THEN
      refusal := 'ledger: the period does not exist';
    ELSIF period_state <> 'open' THEN
      refusal := 'ledger: the period is closed';
    END IF;
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_journal_entry_post BEFORE INSERT ON journal_entry
FOR EACH ROW EXECUTE FUNCTION guard_journal_entry_insert()
--;;
-- A reversal is its entry with the sides changed, line by line: nothing more, nothing less.
CREATE FUNCTION guard_journal_entry_reversal() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.line_count IS DISTINCT FROM (
    SELECT line_count FROM journal_entry
    WHERE centre_id = NEW.centre_id AND id = NEW.reverses_id
  ) OR EXISTS (
    SELECT 1 FROM journal_line AS first
    LEFT JOIN journal_line AS opposite ON opposite.centre_id = first.centre_id
      AND opposite.entry_id = NEW.id AND opposite.line_no = first.line_no
    WHERE first.centre_id = NEW.centre_id AND first.entry_id = NEW.reverses_id
      AND (opposite.account_id, opposite.debit, opposite.credit, opposite.member_id,
           opposite.producer_id, opposite.lot_id, opposite.till_id, opposite.fund_id,
           opposite.activity_id)
        IS DISTINCT FROM (first.account_id, first.credit, first.debit, first.member_id,
                          first.producer_id, first.lot_id, first.till_id, first.fund_id,
                          first.activity_id)
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'ledger: a reversal is its entry the other way round';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_journal_entry_reversal BEFORE INSERT ON journal_entry
FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL)
EXECUTE FUNCTION guard_journal_entry_reversal()
--;;
-- What an account is for is remembered by the program, so it never moves once said.
CREATE TRIGGER guard_account_update BEFORE UPDATE ON account
FOR EACH ROW WHEN (
  (NEW.centre_id, NEW.id, NEW.type, NEW.control_key)
    IS DISTINCT FROM (OLD.centre_id, OLD.id, OLD.type, OLD.control_key)
  OR (OLD.purpose IS NOT NULL AND NEW.purpose IS DISTINCT FROM OLD.purpose)
)
EXECUTE FUNCTION guard_refuse('ledger: what an account is for never changes')
--;;
-- Whether a month may be locked or opened is decided in 50_close.sql; nothing else of it changes.
CREATE TRIGGER guard_accounting_period_update BEFORE UPDATE ON accounting_period
FOR EACH ROW WHEN (
  (NEW.centre_id, NEW.id) IS DISTINCT FROM (OLD.centre_id, OLD.id)
  OR NEW.state IS NOT DISTINCT FROM OLD.state
)
EXECUTE FUNCTION guard_refuse('ledger: a closed period stays closed')
--;;
-- A plain UPDATE takes a lock that lets postings pass (they share the row's key only). Closing must
-- wait for every posting under way, so it takes the strongest lock first.
CREATE FUNCTION guard_accounting_period_close() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM 1 FROM accounting_period
  WHERE centre_id = OLD.centre_id AND id = OLD.id
  FOR UPDATE;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_accounting_period_wait BEFORE UPDATE ON accounting_period
FOR EACH ROW EXECUTE FUNCTION guard_accounting_period_close()
--;;
CREATE TRIGGER guard_number_series_update BEFORE UPDATE ON number_series
FOR EACH ROW WHEN (
  (NEW.centre_id, NEW.series, NEW.year)
    IS DISTINCT FROM (OLD.centre_id, OLD.series, OLD.year)
  OR NEW.last_number <= OLD.last_number
)
EXECUTE FUNCTION guard_refuse('guard: a number series only goes up')
