-- Who approves is measured against who really prepared.
CREATE TRIGGER guard_settlement_approval_prepared BEFORE INSERT ON settlement_approval
WHEN NEW.prepared_by IS NOT (
  SELECT prepared_by FROM settlement_run WHERE centre_id = NEW.centre_id AND id = NEW.run_id)
BEGIN
  SELECT RAISE(ABORT, 'settlement: the approval names another preparer');
END
--;;
CREATE TRIGGER guard_settlement_outcome_approved BEFORE INSERT ON settlement_outcome
WHEN NEW.kind = 'posted' AND NOT EXISTS (
  SELECT 1 FROM settlement_approval WHERE centre_id = NEW.centre_id AND run_id = NEW.run_id)
BEGIN
  SELECT RAISE(ABORT, 'settlement: nobody approved this run');
END
--;;
CREATE TRIGGER guard_settled_move_posted BEFORE INSERT ON settled_move
WHEN NOT EXISTS (
  SELECT 1 FROM settlement
  JOIN settlement_outcome AS outcome
    ON outcome.centre_id = settlement.centre_id AND outcome.run_id = settlement.run_id
  WHERE settlement.centre_id = NEW.centre_id AND settlement.id = NEW.settlement_id
    AND outcome.kind = 'posted')
BEGIN
  SELECT RAISE(ABORT, 'settlement: only a posted one settles goods');
END
--;;
-- A return takes back at most what the producer got, in however many parts.
CREATE TRIGGER guard_recovery_within BEFORE INSERT ON recovery
WHEN NEW.amount_satang + (
    SELECT coalesce(sum(amount_satang), 0) FROM recovery
    WHERE centre_id = NEW.centre_id AND source_type = NEW.source_type
      AND source_id = NEW.source_id AND move_no = NEW.move_no)
  > coalesce((
    SELECT share_satang FROM stock_move
    WHERE centre_id = NEW.centre_id AND source_type = NEW.source_type
      AND source_id = NEW.source_id AND move_no = NEW.move_no AND original_id IS NOT NULL), 0)
BEGIN
  SELECT RAISE(ABORT, 'settlement: more is taken back than the return was worth');
END
--;;
CREATE TRIGGER guard_advance_netting_within BEFORE INSERT ON advance_netting
WHEN NEW.amount_satang + (
    SELECT coalesce(sum(amount_satang), 0) FROM advance_netting
    WHERE centre_id = NEW.centre_id AND advance_id = NEW.advance_id)
  > coalesce((
    SELECT amount_satang FROM advance
    WHERE centre_id = NEW.centre_id AND id = NEW.advance_id), 0)
BEGIN
  SELECT RAISE(ABORT, 'settlement: more is netted than was advanced');
END
--;;
CREATE TRIGGER guard_payout_line_within BEFORE INSERT ON payout_line
WHEN NEW.kind = 'settlement' AND NEW.amount_satang + (
    SELECT coalesce(sum(amount_satang), 0) FROM payout_line
    WHERE centre_id = NEW.centre_id AND kind = NEW.kind AND document_id = NEW.document_id)
  > coalesce((
    SELECT settlement.payout_satang FROM settlement
    JOIN settlement_outcome AS outcome
      ON outcome.centre_id = settlement.centre_id AND outcome.run_id = settlement.run_id
    WHERE settlement.centre_id = NEW.centre_id AND settlement.id = NEW.document_id
      AND outcome.kind = 'posted'), 0)
BEGIN
  SELECT RAISE(ABORT, 'settlement: more is paid than was settled');
END
