-- The request for production access of SES, as it was written, version by version.
CREATE TABLE mail_requests (
  number    INTEGER PRIMARY KEY AUTOINCREMENT,
  site      TEXT    NOT NULL,
  mail_type TEXT    NOT NULL,
  website   TEXT    NOT NULL,
  language  TEXT    NOT NULL,
  use_case  TEXT    NOT NULL,
  contacts  TEXT    NOT NULL,
  made_by   INTEGER NOT NULL REFERENCES people (id),
  made_at   INTEGER NOT NULL
) STRICT;

-- How the account stood with SES, whenever that was seen to be otherwise than before.
CREATE TABLE mail_reviews (
  site     TEXT    NOT NULL,
  seen_at  INTEGER NOT NULL,
  standing TEXT    NOT NULL,
  case_id  TEXT    NOT NULL,
  PRIMARY KEY (site, seen_at)
) STRICT, WITHOUT ROWID;

-- What AWS wrote and what was answered, as people noted it.
CREATE TABLE mail_letters (
  number  INTEGER PRIMARY KEY AUTOINCREMENT,
  site    TEXT    NOT NULL,
  day     INTEGER NOT NULL,
  is_ours INTEGER NOT NULL CHECK (is_ours IN (0, 1)),
  text    TEXT    NOT NULL,
  made_by INTEGER NOT NULL REFERENCES people (id),
  made_at INTEGER NOT NULL
) STRICT;

-- What people said of the rows of the checklist that only a person can tell. The newest counts.
CREATE TABLE mail_checks (
  number  INTEGER PRIMARY KEY AUTOINCREMENT,
  site    TEXT    NOT NULL,
  topic   TEXT    NOT NULL,
  note    TEXT    NOT NULL,
  made_by INTEGER NOT NULL REFERENCES people (id),
  made_at INTEGER NOT NULL
) STRICT;
