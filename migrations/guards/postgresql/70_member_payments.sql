-- What leaves a member's item: never more than it is, never less than nothing, and only of an
-- allocation that is posted and stands. Moves of one run wait for each other, so that two at once
-- see what the other took.
CREATE FUNCTION guard_member_item_move_within() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  refusal text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('member_run:' || NEW.run_id::text, 0));
  IF NOT EXISTS (
      SELECT 1 FROM member_run AS run
      JOIN surplus_outcome AS outcome
        ON outcome.centre_id = run.centre_id AND outcome.allocation_id = run.allocation_id
      WHERE run.centre_id = NEW.centre_id AND run.id = NEW.run_id AND outcome.kind = 'posted')
    OR EXISTS (
      SELECT 1 FROM member_run AS run
      JOIN surplus_outcome AS outcome
        ON outcome.centre_id = run.centre_id AND outcome.allocation_id = run.allocation_id
      WHERE run.centre_id = NEW.centre_id AND run.id = NEW.run_id AND outcome.kind = 'reversed')
  THEN
    refusal := 'member payment: this allocation is not posted';
  ELSIF NEW.source_type IN ('member_payment_reversal', 'unclaimed_reversal') AND NOT EXISTS (
    SELECT 1 FROM member_item_move
    WHERE centre_id = NEW.centre_id
      AND source_type = CASE NEW.source_type WHEN 'unclaimed_reversal' THEN 'unclaimed_taking'
                        ELSE 'member_payment' END
      AND source_id = NEW.source_id AND run_id = NEW.run_id AND member_id = NEW.member_id
      AND dividend_satang = -NEW.dividend_satang AND patronage_satang = -NEW.patronage_satang)
  THEN
    refusal := 'member payment: only what was paid is taken back';
  ELSIF EXISTS (
    SELECT 1 FROM (
      SELECT coalesce(sum(dividend_satang), 0) AS dividend,
             coalesce(sum(patronage_satang), 0) AS patronage
      FROM member_item_move
      WHERE centre_id = NEW.centre_id AND run_id = NEW.run_id AND member_id = NEW.member_id
    ) AS gone
    LEFT JOIN member_run_item AS item ON item.centre_id = NEW.centre_id
      AND item.run_id = NEW.run_id AND item.member_id = NEW.member_id
    WHERE gone.dividend + NEW.dividend_satang > coalesce(item.cash_dividend_satang, 0)
      OR gone.patronage + NEW.patronage_satang > coalesce(item.cash_patronage_satang, 0)
      OR gone.dividend + NEW.dividend_satang < 0
      OR gone.patronage + NEW.patronage_satang < 0)
  THEN
    refusal := 'member payment: more is paid than is due';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_member_item_move_within BEFORE INSERT ON member_item_move
FOR EACH ROW EXECUTE FUNCTION guard_member_item_move_within()
--;;
-- What waits at the bank is not paid another way.
CREATE FUNCTION guard_member_payment_waiting() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM member_batch_line
    WHERE centre_id = NEW.centre_id AND member_id = NEW.member_id AND state = 'waiting'
      AND payment_id <> NEW.id)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'member payment: a bank file waits for this member';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_member_payment_waiting BEFORE INSERT ON member_payment
FOR EACH ROW EXECUTE FUNCTION guard_member_payment_waiting()
--;;
CREATE FUNCTION guard_member_batch_line_new() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation',
    MESSAGE = 'member payment: a new line waits for the bank';
END
$$
--;;
CREATE TRIGGER guard_member_batch_line_new BEFORE INSERT ON member_batch_line
FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM 'waiting')
EXECUTE FUNCTION guard_member_batch_line_new()
--;;
-- A line of a bank file is answered once, and paid by its payment.
CREATE FUNCTION guard_member_batch_line_update() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  refusal text;
BEGIN
  IF OLD.state <> 'waiting' THEN
    refusal := 'member payment: the bank answered this line';
  ELSIF (NEW.centre_id, NEW.batch_id, NEW.line_no, NEW.member_id, NEW.dividend_satang,
         NEW.patronage_satang, NEW.account, NEW.account_name, NEW.items::text, NEW.payment_id)
    IS DISTINCT FROM (OLD.centre_id, OLD.batch_id, OLD.line_no, OLD.member_id,
         OLD.dividend_satang, OLD.patronage_satang, OLD.account, OLD.account_name,
         OLD.items::text, OLD.payment_id)
  THEN
    refusal := 'member payment: what the bank was told never changes';
  ELSIF (NEW.state = 'paid') <> EXISTS (
    SELECT 1 FROM member_payment
    WHERE centre_id = NEW.centre_id AND id = NEW.payment_id AND member_id = NEW.member_id
      AND dividend_satang = NEW.dividend_satang AND patronage_satang = NEW.patronage_satang)
  THEN
    refusal := 'member payment: a paid line has its payment';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_member_batch_line_update BEFORE UPDATE ON member_batch_line
FOR EACH ROW EXECUTE FUNCTION guard_member_batch_line_update()
--;;
-- Two people send to reserve what nobody fetched; what went there once comes back once.
CREATE FUNCTION guard_unclaimed_outcome_two() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  refusal text;
BEGIN
  IF NEW.kind = 'approved' AND NOT EXISTS (
    SELECT 1 FROM unclaimed_taking
    WHERE centre_id = NEW.centre_id AND id = NEW.taking_id AND prepared_by IS NOT NULL
      AND NEW.recorded_by IS NOT NULL AND prepared_by <> NEW.recorded_by)
  THEN
    refusal := 'unclaimed: a second person approves';
  ELSIF NEW.kind IN ('approved', 'withdrawn') AND EXISTS (
    SELECT 1 FROM unclaimed_outcome
    WHERE centre_id = NEW.centre_id AND taking_id = NEW.taking_id)
  THEN
    refusal := 'unclaimed: this list was decided';
  ELSIF NEW.kind = 'reversed' AND NOT EXISTS (
    SELECT 1 FROM unclaimed_outcome
    WHERE centre_id = NEW.centre_id AND taking_id = NEW.taking_id AND kind = 'approved')
  THEN
    refusal := 'unclaimed: only an approved list is taken back';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_unclaimed_outcome_two BEFORE INSERT ON unclaimed_outcome
FOR EACH ROW EXECUTE FUNCTION guard_unclaimed_outcome_two()
--;;
CREATE FUNCTION guard_unclaimed_move() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM unclaimed_line AS line
    JOIN unclaimed_outcome AS outcome
      ON outcome.centre_id = line.centre_id AND outcome.taking_id = line.taking_id
    WHERE line.centre_id = NEW.centre_id AND line.taking_id = NEW.source_id
      AND line.run_id = NEW.run_id AND line.member_id = NEW.member_id
      AND line.dividend_satang = NEW.dividend_satang
      AND line.patronage_satang = NEW.patronage_satang AND outcome.kind = 'approved')
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'unclaimed: nobody approved this';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_unclaimed_move BEFORE INSERT ON member_item_move
FOR EACH ROW WHEN (NEW.source_type = 'unclaimed_taking') EXECUTE FUNCTION guard_unclaimed_move()
--;;
-- An allocation of which something is paid, or waits at the bank, stands.
CREATE FUNCTION guard_surplus_outcome_unpaid() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('member_run:' || id::text, 0)) FROM member_run
  WHERE centre_id = NEW.centre_id AND allocation_id = NEW.allocation_id;
  IF EXISTS (
      SELECT 1 FROM member_run AS run
      JOIN member_item_move AS move ON move.centre_id = run.centre_id AND move.run_id = run.id
      WHERE run.centre_id = NEW.centre_id AND run.allocation_id = NEW.allocation_id
      GROUP BY move.member_id
      HAVING sum(move.dividend_satang) <> 0 OR sum(move.patronage_satang) <> 0)
    OR EXISTS (
      SELECT 1 FROM member_run AS run
      JOIN member_batch_line AS line ON line.centre_id = run.centre_id AND line.state = 'waiting'
        AND line.items::text LIKE '%' || run.id::text || '%'
      WHERE run.centre_id = NEW.centre_id AND run.allocation_id = NEW.allocation_id)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'member payment: something of this allocation is paid';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_surplus_outcome_unpaid BEFORE INSERT ON surplus_outcome
FOR EACH ROW WHEN (NEW.kind = 'reversed') EXECUTE FUNCTION guard_surplus_outcome_unpaid()
