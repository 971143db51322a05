-- Who approves is measured against who really prepared.
CREATE FUNCTION guard_settlement_approval_prepared() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.prepared_by IS DISTINCT FROM (
    SELECT prepared_by FROM settlement_run WHERE centre_id = NEW.centre_id AND id = NEW.run_id)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'settlement: the approval names another preparer';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_settlement_approval_prepared BEFORE INSERT ON settlement_approval
FOR EACH ROW EXECUTE FUNCTION guard_settlement_approval_prepared()
--;;
CREATE FUNCTION guard_settlement_outcome_approved() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM settlement_approval WHERE centre_id = NEW.centre_id AND run_id = NEW.run_id)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'settlement: nobody approved this run';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_settlement_outcome_approved BEFORE INSERT ON settlement_outcome
FOR EACH ROW WHEN (NEW.kind = 'posted') EXECUTE FUNCTION guard_settlement_outcome_approved()
--;;
-- By statement: a run settles hundreds of thousands of moves.
CREATE FUNCTION guard_settled_move_posted() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT centre_id, settlement_id FROM fresh) AS named
    WHERE NOT EXISTS (
      SELECT 1 FROM settlement
      JOIN settlement_outcome AS outcome
        ON outcome.centre_id = settlement.centre_id AND outcome.run_id = settlement.run_id
      WHERE settlement.centre_id = named.centre_id AND settlement.id = named.settlement_id
        AND outcome.kind = 'posted'))
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'settlement: only a posted one settles goods';
  END IF;
  RETURN NULL;
END
$$
--;;
CREATE TRIGGER guard_settled_move_posted AFTER INSERT ON settled_move
REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION guard_settled_move_posted()
--;;
-- A return takes back at most what the producer got, in however many parts.
CREATE FUNCTION guard_recovery_within() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.amount_satang + (
      SELECT coalesce(sum(amount_satang), 0) FROM recovery
      WHERE centre_id = NEW.centre_id AND source_type = NEW.source_type
        AND source_id = NEW.source_id AND move_no = NEW.move_no)
    > coalesce((
      SELECT share_satang FROM stock_move
      WHERE centre_id = NEW.centre_id AND source_type = NEW.source_type
        AND source_id = NEW.source_id AND move_no = NEW.move_no AND original_id IS NOT NULL), 0)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'settlement: more is taken back than the return was worth';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_recovery_within BEFORE INSERT ON recovery
FOR EACH ROW EXECUTE FUNCTION guard_recovery_within()
--;;
CREATE FUNCTION guard_advance_netting_within() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.amount_satang + (
      SELECT coalesce(sum(amount_satang), 0) FROM advance_netting
      WHERE centre_id = NEW.centre_id AND advance_id = NEW.advance_id)
    > coalesce((
      SELECT amount_satang FROM advance
      WHERE centre_id = NEW.centre_id AND id = NEW.advance_id), 0)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'settlement: more is netted than was advanced';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_advance_netting_within BEFORE INSERT ON advance_netting
FOR EACH ROW EXECUTE FUNCTION guard_advance_netting_within()
--;;
CREATE FUNCTION guard_payout_line_within() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.amount_satang + (
      SELECT coalesce(sum(amount_satang), 0) FROM payout_line
      WHERE centre_id = NEW.centre_id AND kind = NEW.kind AND document_id = NEW.document_id)
    > coalesce((
      SELECT settlement.payout_satang FROM settlement
      JOIN settlement_outcome AS outcome
        ON outcome.centre_id = settlement.centre_id AND outcome.run_id = settlement.run_id
      WHERE settlement.centre_id = NEW.centre_id AND settlement.id = NEW.document_id
        AND outcome.kind = 'posted'), 0)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'settlement: more is paid than was settled';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_payout_line_within BEFORE INSERT ON payout_line
FOR EACH ROW WHEN (NEW.kind = 'settlement') EXECUTE FUNCTION guard_payout_line_within()
