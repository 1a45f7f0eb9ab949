/** A company of 7.0 with one warehouse: locations 1 view, 2 stock, 8 suppliers, 9 customers, 7 production; users 1 and 2 with a time zone; unit 1, dozen 2. */
export const warehouse70 = `
  INSERT INTO res_currency (id, name) VALUES (1, 'EUR'), (2, 'USD');
  INSERT INTO res_company (id, name, currency_id) VALUES (1, 'Company', 1);
  INSERT INTO res_partner (id, name, tz) VALUES (1, 'Admin', 'Europe/Brussels'), (2, 'Seller', 'America/New_York'), (3, 'Nowhere', 'Mars/Base');
  INSERT INTO res_users (id, login, partner_id) VALUES (1, 'admin', 1), (2, 'seller', 2), (3, 'third', 3);
  INSERT INTO ir_model (id, model) VALUES (1, 'product.template'), (2, 'product.product');
  INSERT INTO product_uom (id, name, category_id, factor, rounding) VALUES (1, 'Unit', 1, 1, 1), (2, 'Dozen', 1, 0.083333333333, 1);
  INSERT INTO stock_location (id, name, usage, location_id, chained_location_type, active) VALUES
    (1, 'Physical', 'view', NULL, 'none', true), (2, 'Stock', 'internal', 1, 'none', true), (7, 'Production', 'production', NULL, 'none', true),
    (8, 'Suppliers', 'supplier', NULL, 'none', true), (9, 'Customers', 'customer', NULL, 'none', true);
  SELECT setval('stock_location_id_seq', 20);
  INSERT INTO ir_model_data (module, name, model, res_id) VALUES
    ('stock', 'stock_location_customers', 'stock.location', 9), ('stock', 'stock_location_suppliers', 'stock.location', 8);
  INSERT INTO stock_warehouse (id, name, company_id, lot_stock_id, wh_input_stock_loc_id, wh_output_stock_loc_id) VALUES (1, 'House', 1, 2, 2, 2);
  INSERT INTO product_template (id, name, uom_id, type, procure_method, supply_method) VALUES
    (1, 'From stock, bought', 1, 'product', 'make_to_stock', 'buy'), (2, 'To order, made', 1, 'product', 'make_to_order', 'produce'),
    (3, 'Work', 1, 'service', 'make_to_stock', 'buy');
  INSERT INTO product_product (id, product_tmpl_id, active) VALUES (1, 1, true), (2, 2, true), (3, 3, true);`
