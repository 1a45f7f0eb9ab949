-- A line of a bank statement that was booked by a voucher names the voucher's entry.
UPDATE account_bank_statement_line l SET journal_entry_id = v.move_id
  FROM account_voucher v, account_bank_statement s
 WHERE v.id = l.voucher_id AND s.id = l.statement_id AND s.state = 'confirm' AND l.journal_entry_id IS NULL AND v.move_id IS NOT NULL;
-- A draft voucher of a line that is not booked yet is no proposal for it any more; it stays a draft of its own.
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'statement', s.name, 'its lines that are not booked yet had vouchers: these are separate drafts now',
       jsonb_build_object('id', s.id, 'vouchers', jsonb_agg(v.id ORDER BY v.id))
  FROM account_bank_statement_line l
  JOIN account_bank_statement s ON s.id = l.statement_id
  JOIN account_voucher v ON v.id = l.voucher_id
 WHERE s.state IS DISTINCT FROM 'confirm' AND l.journal_entry_id IS NULL AND v.move_id IS NULL
 GROUP BY s.id, s.name ORDER BY s.id;
