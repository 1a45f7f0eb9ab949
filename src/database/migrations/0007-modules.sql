-- The installed modules as far as the dump's beginning tells them: {"names": ["account", …], "are": "read"} when the
-- database itself said so, "guessed" by the tables there are.

ALTER TABLE service.request ADD COLUMN modules jsonb;
