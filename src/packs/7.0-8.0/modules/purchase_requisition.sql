-- What is bought is received by the receipts of a warehouse: the one that the requisition names, else the company's.
ALTER TABLE purchase_requisition ADD COLUMN IF NOT EXISTS picking_type_id integer;
UPDATE purchase_requisition r SET picking_type_id = w.in_type_id
  FROM purchase_requisition q
  LEFT JOIN warehouse_of_company c ON c.company_id = q.company_id
  JOIN stock_warehouse w ON w.id = coalesce(q.warehouse_id, c.warehouse_id, (SELECT min(id) FROM stock_warehouse))
 WHERE q.id = r.id;
