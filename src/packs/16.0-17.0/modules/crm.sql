ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS recurring_revenue_prorated numeric;
UPDATE crm_lead SET recurring_revenue_prorated = round(coalesce(recurring_revenue, 0)::numeric * coalesce(probability, 0)::numeric / 100, 2);
