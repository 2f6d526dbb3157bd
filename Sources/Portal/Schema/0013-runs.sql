-- Runs of the three workflows as GitHub last told of them, also those that nobody asked for here.
CREATE TABLE runs (
  site       TEXT    NOT NULL,
  id         INTEGER NOT NULL,
  workflow   TEXT    NOT NULL,
  title      TEXT    NOT NULL,
  commit_id  TEXT    NOT NULL,
  branch     TEXT    NOT NULL,
  event      TEXT    NOT NULL,
  status     TEXT    NOT NULL,
  conclusion TEXT    NOT NULL,
  attempt    INTEGER NOT NULL,
  actor      TEXT    NOT NULL,
  -- The change whose mark the title carries; whether it asked for the run is another question.
  mark       TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_by_time ON runs (site, created_at, id);
CREATE INDEX runs_by_mark ON runs (mark) WHERE mark IS NOT NULL;
