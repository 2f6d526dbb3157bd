-- One row: the log's own name, which every link of the chain carries.
CREATE TABLE log (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
  id   TEXT    NOT NULL CHECK (length(id) = 32)
) STRICT, WITHOUT ROWID;

-- `bytes` is the entry: canonical, hashed, chained. The other columns repeat parts of it so that
-- they can be searched.
CREATE TABLE audit (
  seq       INTEGER PRIMARY KEY,
  at        INTEGER NOT NULL,
  type      TEXT    NOT NULL,
  person_id INTEGER REFERENCES people (id),
  change    INTEGER,
  bytes     BLOB    NOT NULL,
  chain     BLOB    NOT NULL CHECK (length(chain) = 32)
) STRICT;
CREATE INDEX audit_by_change ON audit (change, seq) WHERE change IS NOT NULL;
CREATE INDEX audit_by_person ON audit (person_id, seq) WHERE person_id IS NOT NULL;
CREATE INDEX audit_by_type ON audit (type, seq);

-- Hygiene, not the defence: the chain is. The trigger on INSERT stops INSERT OR REPLACE, which
-- fires no DELETE trigger, and keeps the numbers without a gap.
CREATE TRIGGER audit_appended BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'audit entries are numbered without a gap'); END;
CREATE TRIGGER audit_immutable BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are kept'); END;

-- Every start of the portal. A run that belongs to another start than this one was cut off.
CREATE TABLE boots (
  id         TEXT    NOT NULL PRIMARY KEY,
  version    TEXT    NOT NULL,
  started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
