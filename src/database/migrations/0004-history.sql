-- What the console tells of the past: references that were sent, whichever server reads them, and what the service did,
-- minute by minute.

CREATE TABLE service.reference_job (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The server that reads it.
  instance   text NOT NULL,
  series     text NOT NULL,
  -- Of the file, as its sender called it.
  name       text NOT NULL,
  bytes      bigint NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  -- Written every few seconds while it is read: of one that was not seen for long, its server is gone.
  seen_at    timestamptz NOT NULL DEFAULT now(),
  ended_at   timestamptz,
  -- Bytes of rows that were loaded.
  done       bigint,
  -- Of the reference that came of it.
  modules    integer,
  -- {"code", "message"} of one that was not taken.
  failure    jsonb
);

-- What was there at a time, and what had come since the sample before. Minutes become hours after a day.
CREATE TABLE service.sample (
  -- 1 or 60.
  minutes        integer NOT NULL,
  -- Where the minute or the hour begins.
  at             timestamptz NOT NULL,
  -- Requests by state; of an hour, those at its end.
  states         jsonb NOT NULL,
  -- Requests that waited: of an hour, the most at any time.
  queue          integer NOT NULL,
  -- Uploads that came in whole, and their bytes.
  uploads        integer NOT NULL,
  uploaded_bytes bigint NOT NULL,
  -- Until when all this was counted.
  until          timestamptz NOT NULL,
  PRIMARY KEY (minutes, at)
);

-- Stages that were finished then.
CREATE TABLE service.sample_stage (
  minutes integer NOT NULL,
  at      timestamptz NOT NULL,
  stage   text NOT NULL,
  count   integer NOT NULL,
  seconds double precision NOT NULL,
  PRIMARY KEY (minutes, at, stage),
  FOREIGN KEY (minutes, at) REFERENCES service.sample ON DELETE CASCADE
);
CREATE INDEX stage_finished ON service.stage (finished_at) WHERE state = 'done';
CREATE INDEX file_created ON service.file (created_at) WHERE role = 'original';
