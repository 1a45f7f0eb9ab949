-- The operator of an installation, his sessions in the console, and what the workers tell of themselves.

-- One row once the password was set.
CREATE TABLE service.operator (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  hash       bytea NOT NULL,
  salt       bytea NOT NULL,
  -- Cost of the scrypt that made the hash.
  n          integer NOT NULL,
  r          integer NOT NULL,
  p          integer NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);

-- SHA-256 of the tokens that set the first password: one for each start of a server before that.
CREATE TABLE service.operator_setup (
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE service.operator_session (
  -- SHA-256 of what the browser has.
  id_hash    bytea PRIMARY KEY CHECK (length(id_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at    timestamptz NOT NULL DEFAULT now(),
  address    text NOT NULL
);

-- Worker processes; one that has not been seen for long is gone.
CREATE TABLE service.worker (
  instance    text PRIMARY KEY,
  host        text NOT NULL,
  pid         integer NOT NULL,
  concurrency integer NOT NULL,
  started_at  timestamptz NOT NULL DEFAULT now(),
  seen_at     timestamptz NOT NULL DEFAULT now(),
  -- Requests that it upgrades right now.
  requests    bigint[] NOT NULL DEFAULT '{}'
);

CREATE INDEX request_created ON service.request (created_at);
