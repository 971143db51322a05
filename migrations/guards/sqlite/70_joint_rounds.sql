-- What is offered and what is asked for change only while the round collects.
CREATE TRIGGER guard_joint_round_item_insert BEFORE INSERT ON joint_round_item
WHEN EXISTS (
  SELECT 1 FROM joint_round_item
  WHERE centre_id = NEW.centre_id AND round_id = NEW.round_id AND item_no = NEW.item_no)
  OR NOT EXISTS (
  SELECT 1 FROM joint_round
  WHERE centre_id = NEW.centre_id AND id = NEW.round_id AND state = 'collecting')
BEGIN
  SELECT RAISE(ABORT, 'joint round: it changes only while it collects');
END
--;;
CREATE TRIGGER guard_joint_round_item_delete BEFORE DELETE ON joint_round_item
WHEN NOT EXISTS (
  SELECT 1 FROM joint_round
  WHERE centre_id = OLD.centre_id AND id = OLD.round_id AND state = 'collecting')
BEGIN
  SELECT RAISE(ABORT, 'joint round: it changes only while it collects');
END
--;;
CREATE TRIGGER guard_joint_round_item_update BEFORE UPDATE ON joint_round_item
BEGIN
  SELECT RAISE(ABORT, 'joint round: its lines are written anew, not changed');
END
--;;
CREATE TRIGGER guard_joint_round_order_line_insert BEFORE INSERT ON joint_round_order_line
WHEN EXISTS (
  SELECT 1 FROM joint_round_order_line
  WHERE centre_id = NEW.centre_id AND order_id = NEW.order_id AND item_no = NEW.item_no)
  OR NOT EXISTS (
  SELECT 1 FROM joint_round_order AS asked, joint_round AS round
  WHERE asked.centre_id = NEW.centre_id AND asked.id = NEW.order_id
    AND round.centre_id = asked.centre_id AND round.id = asked.round_id
    AND round.state = 'collecting')
BEGIN
  SELECT RAISE(ABORT, 'joint round: it changes only while it collects');
END
--;;
CREATE TRIGGER guard_joint_round_order_line_delete BEFORE DELETE ON joint_round_order_line
WHEN NOT EXISTS (
  SELECT 1 FROM joint_round_order AS asked, joint_round AS round
  WHERE asked.centre_id = OLD.centre_id AND asked.id = OLD.order_id
    AND round.centre_id = asked.centre_id AND round.id = asked.round_id
    AND round.state = 'collecting')
BEGIN
  SELECT RAISE(ABORT, 'joint round: it changes only while it collects');
END
--;;
CREATE TRIGGER guard_joint_round_order_line_update BEFORE UPDATE ON joint_round_order_line
BEGIN
  SELECT RAISE(ABORT, 'joint round: its lines are written anew, not changed');
END
--;;
CREATE TRIGGER guard_joint_round_order_insert BEFORE INSERT ON joint_round_order
WHEN NOT EXISTS (
  SELECT 1 FROM joint_round
  WHERE centre_id = NEW.centre_id AND id = NEW.round_id AND state = 'collecting')
BEGIN
  SELECT RAISE(ABORT, 'joint round: it changes only while it collects');
END
--;;
CREATE TRIGGER guard_joint_round_order_update BEFORE UPDATE ON joint_round_order
WHEN NOT EXISTS (
  SELECT 1 FROM joint_round
  WHERE centre_id = OLD.centre_id AND id = OLD.round_id AND state = 'collecting')
  OR (NEW.centre_id, NEW.id, NEW.round_id, NEW.order_no, NEW.member_id, NEW.producer_id)
    IS NOT (OLD.centre_id, OLD.id, OLD.round_id, OLD.order_no, OLD.member_id, OLD.producer_id)
BEGIN
  SELECT RAISE(ABORT, 'joint round: it changes only while it collects');
END
--;;
-- A round begins by collecting, goes on by its states, and ends once.
CREATE TRIGGER guard_joint_round_insert BEFORE INSERT ON joint_round
WHEN NEW.state <> 'collecting'
BEGIN
  SELECT RAISE(ABORT, 'joint round: it begins by collecting');
END
--;;
CREATE TRIGGER guard_joint_round_update BEFORE UPDATE ON joint_round
WHEN OLD.state IN ('shared', 'cancelled')
  OR (NEW.state = 'collecting' AND OLD.state <> 'collecting')
  OR (NEW.state = 'shared' AND OLD.state <> 'ordered')
  OR (NEW.centre_id, NEW.id, NEW.round_no, NEW.recorded_at, NEW.digest)
    IS NOT (OLD.centre_id, OLD.id, OLD.round_no, OLD.recorded_at, OLD.digest)
  OR (OLD.state <> 'collecting'
    AND (NEW.producer_id, NEW.purchase_order_id, NEW.margin_basis_points, NEW.closes_on)
      IS NOT (OLD.producer_id, OLD.purchase_order_id, OLD.margin_basis_points, OLD.closes_on))
BEGIN
  SELECT RAISE(ABORT, 'joint round: it goes on by its states, and ends once');
END
