-- One allocation of a year lives at a time: another is withdrawn or reversed before.
CREATE FUNCTION guard_surplus_allocation_alone() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  refusal text;
BEGIN
  IF EXISTS (
  SELECT 1 FROM surplus_allocation AS other
  WHERE other.centre_id = NEW.centre_id AND other.fiscal_year = NEW.fiscal_year
      AND NOT EXISTS (
        SELECT 1 FROM surplus_outcome AS outcome
        WHERE outcome.centre_id = other.centre_id AND outcome.allocation_id = other.id
          AND outcome.kind IN ('withdrawn', 'reversed')))
  THEN
    refusal := 'surplus: this year is allocated already';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_surplus_allocation_alone BEFORE INSERT ON surplus_allocation
FOR EACH ROW EXECUTE FUNCTION guard_surplus_allocation_alone()
--;;
-- The uses are written with the allocation, and are never more than the surplus.
CREATE FUNCTION guard_surplus_allocation_line_within() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  refusal text;
BEGIN
  IF EXISTS (
        SELECT 1 FROM member_run
        WHERE centre_id = NEW.centre_id AND allocation_id = NEW.allocation_id)
      OR EXISTS (
        SELECT 1 FROM surplus_outcome
        WHERE centre_id = NEW.centre_id AND allocation_id = NEW.allocation_id)
  THEN
    refusal := 'surplus: an allocation that was measured does not change';
  ELSIF NEW.amount_satang + (
        SELECT coalesce(sum(amount_satang), 0) FROM surplus_allocation_line
        WHERE centre_id = NEW.centre_id AND allocation_id = NEW.allocation_id)
      > coalesce((
        SELECT surplus_satang FROM surplus_allocation
        WHERE centre_id = NEW.centre_id AND id = NEW.allocation_id), 0)
  THEN
    refusal := 'surplus: more is allocated than the surplus';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_surplus_allocation_line_within BEFORE INSERT ON surplus_allocation_line
FOR EACH ROW EXECUTE FUNCTION guard_surplus_allocation_line_within()
--;;
-- Two people say yes, one after the other, to one and the same thing: measured and not yet over.
CREATE FUNCTION guard_surplus_approval_two() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  refusal text;
BEGIN
  IF NOT EXISTS (
        SELECT 1 FROM member_run
        WHERE centre_id = NEW.centre_id AND allocation_id = NEW.allocation_id)
      OR EXISTS (
        SELECT 1 FROM surplus_outcome
        WHERE centre_id = NEW.centre_id AND allocation_id = NEW.allocation_id)
  THEN
    refusal := 'surplus: only what was measured and is not over is approved';
  ELSIF NEW.place = 2 AND NOT EXISTS (
      SELECT 1 FROM surplus_approval
      WHERE centre_id = NEW.centre_id AND allocation_id = NEW.allocation_id AND place = 1
        AND approved_by <> NEW.approved_by AND digest = NEW.digest)
  THEN
    refusal := 'surplus: another person approves the same as the first';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_surplus_approval_two BEFORE INSERT ON surplus_approval
FOR EACH ROW EXECUTE FUNCTION guard_surplus_approval_two()
--;;
-- The entry of an allocation takes the whole surplus off its account, for two people; its reversal
-- takes back just that, while nobody was paid.
CREATE FUNCTION guard_surplus_entry() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  refusal text;
BEGIN
  IF NEW.kind NOT IN ('surplus_allocation', 'surplus_allocation_undone')
      OR (NEW.kind = 'surplus_allocation') <> (NEW.reverses_id IS NULL)
      OR NOT EXISTS (
        SELECT 1 FROM surplus_allocation
        WHERE centre_id = NEW.centre_id AND id = NEW.source_id
          AND surplus_satang = NEW.debit_total)
  THEN
    refusal := 'surplus: an entry is that of its allocation';
  ELSIF NEW.kind = 'surplus_allocation' AND 2 <> (
      SELECT count(*) FROM surplus_approval
      WHERE centre_id = NEW.centre_id AND allocation_id = NEW.source_id)
  THEN
    refusal := 'surplus: two people approve what is posted';
  ELSIF NEW.kind = 'surplus_allocation' AND EXISTS (
      SELECT 1 FROM surplus_outcome
      WHERE centre_id = NEW.centre_id AND allocation_id = NEW.source_id)
  THEN
    refusal := 'surplus: this allocation is over';
  ELSIF NEW.kind = 'surplus_allocation' AND (
      NEW.debit_total <> (
        SELECT coalesce(sum(amount_satang), 0) FROM surplus_allocation_line
        WHERE centre_id = NEW.centre_id AND allocation_id = NEW.source_id)
      OR NEW.debit_total <> (
        SELECT coalesce(sum(line.debit), 0) FROM journal_line AS line
        JOIN account ON account.centre_id = line.centre_id AND account.id = line.account_id
        WHERE line.centre_id = NEW.centre_id AND line.entry_id = NEW.id
          AND account.purpose = 'surplus_of_year'))
  THEN
    refusal := 'surplus: the uses are the whole surplus, taken off its account';
  ELSIF NEW.kind = 'surplus_allocation_undone' AND (
      NOT EXISTS (
        SELECT 1 FROM journal_entry AS posted
        WHERE posted.centre_id = NEW.centre_id AND posted.id = NEW.reverses_id
          AND posted.source_type = NEW.source_type AND posted.source_id = NEW.source_id)
      OR EXISTS (
        SELECT 1 FROM member_item_move AS move
        JOIN member_run AS run ON run.centre_id = move.centre_id AND run.id = move.run_id
        WHERE run.centre_id = NEW.centre_id AND run.allocation_id = NEW.source_id
        GROUP BY move.member_id
        HAVING sum(move.dividend_satang) <> 0 OR sum(move.patronage_satang) <> 0))
  THEN
    refusal := 'surplus: what was paid out of is not reversed';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_surplus_entry BEFORE INSERT ON journal_entry
FOR EACH ROW WHEN (NEW.source_type = 'surplus_allocation') EXECUTE FUNCTION guard_surplus_entry()
--;;
-- What became of an allocation is what its entries say.
CREATE FUNCTION guard_surplus_outcome_true() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  refusal text;
BEGIN
  IF NEW.kind = 'posted' AND NOT EXISTS (
      SELECT 1 FROM journal_entry
      WHERE centre_id = NEW.centre_id AND source_type = 'surplus_allocation'
        AND source_id = NEW.allocation_id AND kind = 'surplus_allocation')
  THEN
    refusal := 'surplus: it is posted by its entry';
  ELSIF NEW.kind = 'withdrawn' AND EXISTS (
      SELECT 1 FROM journal_entry
      WHERE centre_id = NEW.centre_id AND source_type = 'surplus_allocation'
        AND source_id = NEW.allocation_id)
  THEN
    refusal := 'surplus: what is posted is reversed, not withdrawn';
  ELSIF NEW.kind = 'reversed' AND NOT EXISTS (
      SELECT 1 FROM journal_entry
      WHERE centre_id = NEW.centre_id AND source_type = 'surplus_allocation'
        AND source_id = NEW.allocation_id AND kind = 'surplus_allocation_undone')
  THEN
    refusal := 'surplus: it is reversed by its entry';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_surplus_outcome_true BEFORE INSERT ON surplus_outcome
FOR EACH ROW EXECUTE FUNCTION guard_surplus_outcome_true()
--;;
-- What people said yes to has the members it had.
CREATE FUNCTION guard_member_run_item_approved() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM member_run AS run
    JOIN surplus_approval AS approval
      ON approval.centre_id = run.centre_id AND approval.allocation_id = run.allocation_id
    WHERE run.centre_id = NEW.centre_id AND run.id = NEW.run_id)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'surplus: a run that was approved takes no more members';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_member_run_item_approved BEFORE INSERT ON member_run_item
FOR EACH ROW EXECUTE FUNCTION guard_member_run_item_approved()
