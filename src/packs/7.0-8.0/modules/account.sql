-- The commercial entity of an invoice's partner and the name of an item's reconciliation are stored.
ALTER TABLE account_invoice ADD COLUMN IF NOT EXISTS commercial_partner_id integer;
UPDATE account_invoice i SET commercial_partner_id = p.commercial_partner_id
  FROM res_partner p WHERE p.id = i.partner_id AND i.commercial_partner_id IS DISTINCT FROM p.commercial_partner_id;
ALTER TABLE account_move_line ADD COLUMN IF NOT EXISTS reconcile_ref varchar;
UPDATE account_move_line l SET reconcile_ref = r.name
  FROM account_move_reconcile r WHERE r.id = coalesce(l.reconcile_id, l.reconcile_partial_id);

-- A line of a bank statement names its one entry.
ALTER TABLE account_bank_statement_line ADD COLUMN IF NOT EXISTS journal_entry_id integer;
UPDATE account_bank_statement_line l SET journal_entry_id = r.move_id
  FROM (SELECT statement_line_id, min(move_id) AS move_id FROM account_bank_statement_line_move_rel
         GROUP BY statement_line_id HAVING count(*) = 1) r
 WHERE r.statement_line_id = l.id;
