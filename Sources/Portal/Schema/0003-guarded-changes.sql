CREATE TABLE changes (
  number       INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT    NOT NULL UNIQUE CHECK (length(id) = 32),
  requester_id INTEGER NOT NULL REFERENCES people (id),
  state        TEXT    NOT NULL CHECK (state IN (
                 'pending', 'approved', 'executing', 'verifying', 'unknown', 'succeeded',
                 'failed_no_effect', 'failed_partial', 'rejected', 'withdrawn', 'revoked',
                 'expired', 'stale')),
  version      INTEGER NOT NULL DEFAULT 1,
  revision     INTEGER NOT NULL DEFAULT 1 CHECK (revision > 0),
  proposed_at  INTEGER NOT NULL,
  review_by    INTEGER NOT NULL,
  run_from     INTEGER,
  run_by       INTEGER,
  tried_at     INTEGER, -- when the clock tried to run it, which it does once
  UNIQUE (id, requester_id),
  CHECK ((run_from IS NULL) = (run_by IS NULL))
) STRICT;
CREATE INDEX changes_open ON changes (state) WHERE state IN (
  'pending', 'approved', 'executing', 'verifying', 'unknown');

-- A final state is final, whatever the code above believes.
CREATE TRIGGER changes_final BEFORE UPDATE ON changes
WHEN OLD.state IN ('succeeded', 'failed_no_effect', 'failed_partial', 'rejected', 'withdrawn',
                   'revoked', 'expired', 'stale')
BEGIN SELECT RAISE(ABORT, 'a final change is never changed'); END;
CREATE TRIGGER changes_kept BEFORE DELETE ON changes
BEGIN SELECT RAISE(ABORT, 'changes are kept'); END;
-- INSERT OR REPLACE fires no DELETE trigger, so an existing row is defended on INSERT as well.
CREATE TRIGGER changes_once BEFORE INSERT ON changes
WHEN EXISTS (SELECT 1 FROM changes WHERE id = NEW.id OR number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'changes are kept'); END;

-- Every revision of every plan. The bytes that are approved are the bytes that run. `site` and
-- `title` repeat what they say, for lists.
CREATE TABLE plans (
  change_id TEXT    NOT NULL REFERENCES changes (id),
  revision  INTEGER NOT NULL CHECK (revision > 0),
  editor_id INTEGER NOT NULL REFERENCES people (id),
  made_at   INTEGER NOT NULL,
  reason    TEXT    NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
  bytes     BLOB    NOT NULL,
  digest    TEXT    NOT NULL UNIQUE CHECK (length(digest) = 64),
  site      TEXT    NOT NULL,
  title     TEXT    NOT NULL,
  PRIMARY KEY (change_id, revision)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER plans_immutable BEFORE UPDATE ON plans
BEGIN SELECT RAISE(ABORT, 'a plan is never changed'); END;
CREATE TRIGGER plans_kept BEFORE DELETE ON plans
BEGIN SELECT RAISE(ABORT, 'plans are kept'); END;
CREATE TRIGGER plans_once BEFORE INSERT ON plans
WHEN EXISTS (SELECT 1 FROM plans WHERE change_id = NEW.change_id AND revision = NEW.revision)
BEGIN SELECT RAISE(ABORT, 'plans are kept'); END;

-- Append-only. A vote names the digest its page showed; a revision has another, so it voids them
-- all. The requester is in the key so that the schema itself refuses their vote.
CREATE TABLE votes (
  id           INTEGER PRIMARY KEY,
  change_id    TEXT    NOT NULL,
  requester_id INTEGER NOT NULL,
  person_id    INTEGER NOT NULL REFERENCES people (id),
  digest       TEXT    NOT NULL REFERENCES plans (digest),
  decision     TEXT    NOT NULL CHECK (decision IN ('approve', 'reject', 'withdraw')),
  note         TEXT    NOT NULL,
  at           INTEGER NOT NULL,
  FOREIGN KEY (change_id, requester_id) REFERENCES changes (id, requester_id),
  CHECK (person_id <> requester_id)
) STRICT;
CREATE INDEX votes_by_change ON votes (change_id, id);
CREATE TRIGGER votes_immutable BEFORE UPDATE ON votes
BEGIN SELECT RAISE(ABORT, 'a vote is never changed'); END;
CREATE TRIGGER votes_kept BEFORE DELETE ON votes
BEGIN SELECT RAISE(ABORT, 'votes are kept'); END;
CREATE TRIGGER votes_once BEFORE INSERT ON votes
WHEN EXISTS (SELECT 1 FROM votes WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'votes are kept'); END;

-- An approval is spent by its one run. Another attempt goes on with a run whose outcome nobody
-- knows, where that can do no harm.
CREATE TABLE executions (
  change_id   TEXT    NOT NULL REFERENCES changes (id),
  attempt     INTEGER NOT NULL CHECK (attempt > 0),
  executor_id INTEGER NOT NULL REFERENCES people (id),
  boot_id     TEXT    NOT NULL,
  emergency   INTEGER REFERENCES emergencies (number),
  started_at  INTEGER NOT NULL,
  finished_at INTEGER,
  PRIMARY KEY (change_id, attempt)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER executions_kept BEFORE DELETE ON executions
BEGIN SELECT RAISE(ABORT, 'executions are kept'); END;
CREATE TRIGGER executions_once BEFORE INSERT ON executions
WHEN EXISTS (SELECT 1 FROM executions WHERE change_id = NEW.change_id AND attempt = NEW.attempt)
BEGIN SELECT RAISE(ABORT, 'executions are kept'); END;

-- The intent is written before the call, the outcome after it. An intent without an outcome may
-- have been sent.
CREATE TABLE steps (
  change_id   TEXT    NOT NULL,
  attempt     INTEGER NOT NULL,
  step        INTEGER NOT NULL CHECK (step > 0),
  intended_at INTEGER NOT NULL,
  outcome     TEXT    CHECK (outcome IN ('done', 'failed', 'unknown')),
  detail      TEXT,
  finished_at INTEGER,
  PRIMARY KEY (change_id, attempt, step),
  FOREIGN KEY (change_id, attempt) REFERENCES executions (change_id, attempt),
  CHECK ((outcome IS NULL) = (finished_at IS NULL))
) STRICT, WITHOUT ROWID;

-- Resources that a running or unknown change holds.
CREATE TABLE locks (
  resource  TEXT NOT NULL PRIMARY KEY,
  change_id TEXT NOT NULL REFERENCES changes (id)
) STRICT, WITHOUT ROWID;

-- What was last read of the live state of a change whose outcome is being found out.
CREATE TABLE evidence (
  change_id TEXT    NOT NULL PRIMARY KEY REFERENCES changes (id),
  readings  TEXT    NOT NULL,
  read_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
