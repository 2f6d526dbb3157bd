-- What each check found when it was last made, and since when it has found that.
CREATE TABLE findings (
  site        TEXT    NOT NULL,
  id          TEXT    NOT NULL,
  subject     TEXT    NOT NULL,
  outcome     TEXT    NOT NULL CHECK (outcome IN ('pass', 'fail', 'no_data')),
  severity    INTEGER NOT NULL,
  expectation TEXT    NOT NULL,
  state       TEXT    NOT NULL,
  why         TEXT    NOT NULL,
  remedy      TEXT    NOT NULL,
  mend        TEXT,
  since       INTEGER NOT NULL,
  checked_at  INTEGER NOT NULL,
  PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;

-- Every time a check began to find something else.
CREATE TABLE finding_turns (
  site    TEXT    NOT NULL,
  id      TEXT    NOT NULL,
  at      INTEGER NOT NULL,
  outcome TEXT    NOT NULL,
  state   TEXT    NOT NULL,
  PRIMARY KEY (site, id, at)
) STRICT, WITHOUT ROWID;

-- Findings that somebody answers for until a day: they stay findings, and stop being red.
CREATE TABLE acceptances (
  number      INTEGER PRIMARY KEY AUTOINCREMENT,
  site        TEXT    NOT NULL,
  finding     TEXT    NOT NULL,
  owner_id    INTEGER NOT NULL REFERENCES people (id),
  reason      TEXT    NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
  accepted_by INTEGER NOT NULL REFERENCES people (id),
  accepted_at INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL CHECK (expires_at > accepted_at),
  ended_at    INTEGER,
  ended_by    INTEGER REFERENCES people (id)
) STRICT;
CREATE INDEX acceptances_open ON acceptances (site, finding) WHERE ended_at IS NULL;

-- How well each subject was, the worst in each slot of five minutes.
CREATE TABLE beats (
  site    TEXT    NOT NULL,
  subject TEXT    NOT NULL,
  slot    INTEGER NOT NULL,
  health  INTEGER NOT NULL,
  PRIMARY KEY (site, subject, slot)
) STRICT, WITHOUT ROWID;

-- Figures from CloudWatch, one each five minutes.
CREATE TABLE metrics (
  site   TEXT    NOT NULL,
  metric TEXT    NOT NULL,
  at     INTEGER NOT NULL,
  value  REAL    NOT NULL,
  PRIMARY KEY (site, metric, at)
) STRICT, WITHOUT ROWID;

-- Tasks that stopped: ECS forgets them after an hour.
CREATE TABLE stopped_tasks (
  site       TEXT    NOT NULL,
  id         TEXT    NOT NULL,
  stopped_at INTEGER NOT NULL,
  task       TEXT    NOT NULL,
  PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stopped_tasks_by_time ON stopped_tasks (site, stopped_at);

-- Which kind of change a plan is, for the list of a resource's changes. Repeats what the bytes say.
ALTER TABLE plans ADD COLUMN kind TEXT NOT NULL DEFAULT '';
CREATE INDEX plans_by_kind ON plans (kind, made_at);
