-- The ways to people that the configuration names, as the last start read it: so that a notice and
-- its deliveries are written in the transaction of what they tell of.
CREATE TABLE notice_channels (
  channel TEXT NOT NULL PRIMARY KEY CHECK (channel IN ('mail', 'webhook', 'topic'))
) STRICT, WITHOUT ROWID;

-- What people were told. Names no person; kept for a while, see Retention.
CREATE TABLE notices (
  number  INTEGER PRIMARY KEY AUTOINCREMENT,
  kind    TEXT    NOT NULL,
  thread  TEXT    NOT NULL, -- what it belongs to: CR-12
  subject TEXT    NOT NULL,
  body    TEXT    NOT NULL,
  path    TEXT    NOT NULL, -- the page to look at
  change  INTEGER REFERENCES changes (number),
  once    TEXT    UNIQUE,   -- names what is told once only
  made_at INTEGER NOT NULL
) STRICT;

-- A notice on its way to one person, or by one channel to all. Without an outcome it is due at
-- next_try_at; without that too, it is being sent, and what becomes of it is not known yet.
CREATE TABLE deliveries (
  number      INTEGER PRIMARY KEY,
  notice      INTEGER NOT NULL REFERENCES notices (number) ON DELETE CASCADE,
  channel     TEXT    NOT NULL CHECK (channel IN ('mail', 'webhook', 'topic')),
  person_id   INTEGER REFERENCES people (id),
  tries       INTEGER NOT NULL DEFAULT 0,
  next_try_at INTEGER,
  outcome     TEXT    CHECK (outcome IN ('sent', 'failed', 'unknown')),
  ended_at    INTEGER,
  problem     TEXT    NOT NULL DEFAULT '',
  CHECK ((person_id IS NULL) = (channel <> 'mail')),
  CHECK ((outcome IS NULL) = (ended_at IS NULL))
) STRICT;
CREATE INDEX deliveries_by_notice ON deliveries (notice);
CREATE INDEX deliveries_open ON deliveries (next_try_at) WHERE outcome IS NULL;
CREATE INDEX deliveries_lost ON deliveries (ended_at) WHERE outcome IN ('failed', 'unknown');

-- What people chose to be told; where there is no row, what is usual for the kind.
CREATE TABLE notice_choices (
  person_id INTEGER NOT NULL REFERENCES people (id),
  kind      TEXT    NOT NULL,
  channel   TEXT    NOT NULL,
  is_on     INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  PRIMARY KEY (person_id, kind, channel)
) STRICT, WITHOUT ROWID;

-- Where people get mail. Removed when they are erased.
CREATE TABLE people_addresses (
  person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
  address   TEXT    NOT NULL CHECK (length(address) BETWEEN 3 AND 254)
) STRICT;
