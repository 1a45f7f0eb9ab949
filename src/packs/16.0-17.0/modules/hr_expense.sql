-- A report may lead to several journal entries: each names its report.
ALTER TABLE account_move ADD COLUMN IF NOT EXISTS expense_sheet_id integer;
UPDATE account_move m SET expense_sheet_id = s.id FROM hr_expense_sheet s WHERE s.account_move_id = m.id;

ALTER TABLE hr_expense_sheet ADD COLUMN IF NOT EXISTS approval_state varchar, ADD COLUMN IF NOT EXISTS employee_journal_id integer, ADD COLUMN IF NOT EXISTS payment_method_line_id integer;
UPDATE hr_expense_sheet
   SET approval_state = CASE state WHEN 'submit' THEN 'submit' WHEN 'approve' THEN 'approve' WHEN 'post' THEN 'approve' WHEN 'done' THEN 'approve' WHEN 'cancel' THEN 'cancel' END,
       employee_journal_id = journal_id;
-- What the company paid itself goes over a way to pay of the bank journal.
UPDATE hr_expense_sheet s SET payment_method_line_id = l.id
  FROM (SELECT DISTINCT ON (l.journal_id) l.journal_id, l.id
          FROM account_payment_method_line l JOIN account_payment_method m ON m.id = l.payment_method_id AND m.payment_type = 'outbound'
         ORDER BY l.journal_id, l.sequence, l.id) l
 WHERE l.journal_id = s.bank_journal_id AND EXISTS (SELECT FROM hr_expense e WHERE e.sheet_id = s.id AND e.payment_mode = 'company_account');
