-- Invoices know when the goods were delivered and where the incoterm counts, both from the orders they came from.
ALTER TABLE account_move ADD COLUMN IF NOT EXISTS delivery_date date, ADD COLUMN IF NOT EXISTS incoterm_location varchar;
UPDATE account_move m SET delivery_date = o.delivered, incoterm_location = o.incoterm_location
  FROM (SELECT l.move_id, max(s.effective_date)::date AS delivered, (array_agg(s.incoterm_location ORDER BY s.id) FILTER (WHERE s.incoterm_location <> ''))[1] AS incoterm_location
          FROM sale_order_line_invoice_rel r
          JOIN account_move_line l ON l.id = r.invoice_line_id
          JOIN sale_order_line x ON x.id = r.order_line_id
          JOIN sale_order s ON s.id = x.order_id
         GROUP BY l.move_id) o
 WHERE o.move_id = m.id AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt');
