-- What lists filter entries by. Made from the log alone and never proof of anything, so nothing
-- here refers to it by key: a log that was tampered with is told by its chain.
DROP INDEX audit_by_person;
DROP INDEX audit_by_type;

-- The few dozen combinations of type, outcome and reason for review that were ever written. A
-- filter picks some of them; each is one range of an index, already in order.
CREATE TABLE audit_kinds (
  id      INTEGER PRIMARY KEY,
  type    TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('good', 'refused', 'failed', 'unknown')),
  flag    TEXT NOT NULL,
  UNIQUE (type, outcome, flag)
) STRICT;
CREATE TABLE audit_facets (
  seq       INTEGER PRIMARY KEY,
  kind      INTEGER NOT NULL REFERENCES audit_kinds (id),
  person_id INTEGER
) STRICT;
CREATE INDEX audit_facets_by_kind ON audit_facets (kind, seq);
CREATE INDEX audit_facets_by_person ON audit_facets (person_id, kind, seq)
  WHERE person_id IS NOT NULL;

-- Where the days lie in the log, so that dates become numbers of entries: runs of entries that were
-- written on one day (since 1970, UTC). A clock that is set back begins another run.
CREATE TABLE audit_days (
  first_seq INTEGER PRIMARY KEY,
  last_seq  INTEGER NOT NULL,
  day       INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_days_by_day ON audit_days (day, first_seq, last_seq);

-- One row for each flagged entry, disposed of once, never by the person who did it.
CREATE TABLE reviews (
  seq         INTEGER PRIMARY KEY,
  person_id   INTEGER,
  verdict     TEXT CHECK (verdict IN ('ok', 'follow_up', 'incident')),
  note        TEXT,
  reviewer_id INTEGER REFERENCES people (id),
  reviewed_at INTEGER,
  CHECK (reviewer_id <> person_id),
  CHECK ((verdict IS NULL) = (reviewer_id IS NULL)),
  CHECK ((verdict IS NULL) = (reviewed_at IS NULL))
) STRICT;
CREATE INDEX reviews_by_verdict ON reviews (verdict, seq);
CREATE TRIGGER reviews_once BEFORE UPDATE ON reviews WHEN OLD.verdict IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a review is never changed'); END;
CREATE TRIGGER reviews_kept BEFORE DELETE ON reviews
BEGIN SELECT RAISE(ABORT, 'reviews are kept'); END;

-- Signed periods, one behind the other without a gap. `head` is the link of the last entry;
-- `entry_seq` is the entry that tells of the signing, with everything the period held.
CREATE TABLE review_periods (
  number      INTEGER PRIMARY KEY,
  first_seq   INTEGER NOT NULL,
  last_seq    INTEGER NOT NULL UNIQUE CHECK (last_seq >= first_seq),
  head        BLOB    NOT NULL CHECK (length(head) = 32),
  reviewer_id INTEGER NOT NULL REFERENCES people (id),
  signed_at   INTEGER NOT NULL,
  entry_seq   INTEGER NOT NULL CHECK (entry_seq > last_seq)
) STRICT;
CREATE TRIGGER review_periods_follow BEFORE INSERT ON review_periods
WHEN NEW.first_seq <> (SELECT coalesce(max(last_seq), 0) + 1 FROM review_periods)
BEGIN SELECT RAISE(ABORT, 'a period begins behind the last one'); END;
CREATE TRIGGER review_periods_immutable BEFORE UPDATE ON review_periods
BEGIN SELECT RAISE(ABORT, 'a signed period is never changed'); END;
CREATE TRIGGER review_periods_kept BEFORE DELETE ON review_periods
BEGIN SELECT RAISE(ABORT, 'signed periods are kept'); END;
