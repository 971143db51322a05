-- Nothing goes into a batch that has ended, and it ends once.
CREATE TRIGGER guard_batch_issue_open BEFORE INSERT ON batch_issue
WHEN EXISTS (
  SELECT 1 FROM batch_finish WHERE centre_id = NEW.centre_id AND batch_id = NEW.batch_id)
  OR EXISTS (
  SELECT 1 FROM batch_cancellation WHERE centre_id = NEW.centre_id AND batch_id = NEW.batch_id)
BEGIN
  SELECT RAISE(ABORT, 'production: this batch has ended');
END
--;;
CREATE TRIGGER guard_batch_issue_line_open BEFORE INSERT ON batch_issue_line
WHEN EXISTS (
  SELECT 1 FROM batch_issue AS issue, batch_finish AS finish
  WHERE issue.centre_id = NEW.centre_id AND issue.id = NEW.issue_id
    AND finish.centre_id = issue.centre_id AND finish.batch_id = issue.batch_id)
  OR EXISTS (
  SELECT 1 FROM batch_issue AS issue, batch_cancellation AS cancelled
  WHERE issue.centre_id = NEW.centre_id AND issue.id = NEW.issue_id
    AND cancelled.centre_id = issue.centre_id AND cancelled.batch_id = issue.batch_id)
BEGIN
  SELECT RAISE(ABORT, 'production: this batch has ended');
END
--;;
CREATE TRIGGER guard_batch_cost_open BEFORE INSERT ON batch_cost
WHEN EXISTS (
  SELECT 1 FROM batch_finish WHERE centre_id = NEW.centre_id AND batch_id = NEW.batch_id)
  OR EXISTS (
  SELECT 1 FROM batch_cancellation WHERE centre_id = NEW.centre_id AND batch_id = NEW.batch_id)
BEGIN
  SELECT RAISE(ABORT, 'production: this batch has ended');
END
--;;
CREATE TRIGGER guard_batch_finish_open BEFORE INSERT ON batch_finish
WHEN EXISTS (
  SELECT 1 FROM batch_cancellation WHERE centre_id = NEW.centre_id AND batch_id = NEW.batch_id)
BEGIN
  SELECT RAISE(ABORT, 'production: this batch has ended');
END
