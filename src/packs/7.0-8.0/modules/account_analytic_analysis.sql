-- Contracts can be invoiced again and again. None is until someone says so; what they say then begins with the newer defaults.
ALTER TABLE account_analytic_account
  ADD COLUMN IF NOT EXISTS recurring_rule_type varchar,
  ADD COLUMN IF NOT EXISTS recurring_interval integer,
  ADD COLUMN IF NOT EXISTS recurring_next_date date;
UPDATE account_analytic_account
   SET recurring_rule_type = coalesce(recurring_rule_type, 'monthly'), recurring_interval = coalesce(recurring_interval, 1),
       recurring_next_date = coalesce(recurring_next_date, (now() AT TIME ZONE 'UTC')::date);
