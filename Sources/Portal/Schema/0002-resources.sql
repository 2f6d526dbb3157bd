-- What the stack holds, as last listed.
CREATE TABLE resources (
  site        TEXT    NOT NULL,
  logical_id  TEXT    NOT NULL,
  type        TEXT    NOT NULL,
  physical_id TEXT    NOT NULL,
  status      TEXT    NOT NULL,
  listed_at   INTEGER NOT NULL,
  PRIMARY KEY (site, logical_id)
) STRICT, WITHOUT ROWID;

-- The last value read of each subject, and the last failure to read it. A failure leaves the
-- value and its age in place: old and known to be old is better than nothing.
CREATE TABLE observations (
  site        TEXT    NOT NULL,
  subject     TEXT    NOT NULL,
  value       TEXT,
  source      TEXT    NOT NULL,
  observed_at INTEGER,
  failure     TEXT,
  failed_at   INTEGER,
  PRIMARY KEY (site, subject),
  CHECK ((value IS NULL) = (observed_at IS NULL)),
  CHECK ((failure IS NULL) = (failed_at IS NULL)),
  CHECK (value IS NOT NULL OR failure IS NOT NULL)
) STRICT, WITHOUT ROWID;
