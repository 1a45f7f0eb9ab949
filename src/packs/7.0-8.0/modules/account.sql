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
-- Of several entries a line names the posted one of the statement's journal that was made last; the others are in schema legacy.
CREATE TEMP TABLE several_entries ON COMMIT DROP AS
SELECT DISTINCT ON (l.id) l.id, l.statement_id, m.id AS move_id, count(*) OVER (PARTITION BY l.id) AS entries
  FROM account_bank_statement_line_move_rel r
  JOIN account_bank_statement_line l ON l.id = r.statement_line_id AND l.journal_entry_id IS NULL
  JOIN account_move m ON m.id = r.move_id
  LEFT JOIN account_bank_statement s ON s.id = l.statement_id
 ORDER BY l.id, (m.state = 'posted') IS TRUE DESC, (m.journal_id = s.journal_id) IS TRUE DESC, m.id DESC;
UPDATE account_bank_statement_line l SET journal_entry_id = e.move_id FROM several_entries e WHERE e.id = l.id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'statement', 'account.bank.statement.line', 'had several entries: it names the last posted one of its journal',
       jsonb_build_object('id', id, 'entry', move_id, 'entries', entries)
  FROM several_entries ORDER BY id;

-- A line that names an account is booked on it when its statement is confirmed, and is not offered for reconciliation. That
-- is what was meant for lines on accounts without reconciliation, for lines of a point of sale and for confirmed ones. Of
-- the others, with a customer or supplier and not booked yet, the account was only the partner's: they are to be reconciled.
ALTER TABLE account_bank_statement_line ALTER COLUMN account_id DROP NOT NULL;
CREATE TABLE legacy.account_bank_statement_line__account AS
SELECT l.id, l.account_id
  FROM account_bank_statement_line l
  JOIN account_bank_statement s ON s.id = l.statement_id
  JOIN account_account a ON a.id = l.account_id
 WHERE s.state IS DISTINCT FROM 'confirm' AND l.journal_entry_id IS NULL AND l.type IN ('customer', 'supplier') AND a.reconcile
   AND to_jsonb(l) ->> 'pos_statement_id' IS NULL;
UPDATE account_bank_statement_line l SET account_id = NULL FROM legacy.account_bank_statement_line__account o WHERE o.id = l.id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'statement', s.name, 'its lines of customers and suppliers that are not booked yet have to be reconciled',
       jsonb_build_object('id', s.id, 'rows', count(*), 'table', 'legacy.account_bank_statement_line__account')
  FROM legacy.account_bank_statement_line__account o
  JOIN account_bank_statement_line l ON l.id = o.id
  JOIN account_bank_statement s ON s.id = l.statement_id
 GROUP BY s.id, s.name ORDER BY s.id;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'statement', s.name, 'its lines that are not booked yet named analytic accounts: only in schema legacy',
       jsonb_build_object('id', s.id, 'rows', count(*))
  FROM account_bank_statement_line l JOIN account_bank_statement s ON s.id = l.statement_id
 WHERE s.state IS DISTINCT FROM 'confirm' AND l.journal_entry_id IS NULL AND l.analytic_account_id IS NOT NULL
 GROUP BY s.id, s.name ORDER BY s.id;

-- Lines of an invoice are its partner's.
UPDATE account_invoice_line l SET partner_id = i.partner_id
  FROM account_invoice i WHERE i.id = l.invoice_id AND l.partner_id IS DISTINCT FROM i.partner_id;
