-- What was decided about the Members overlay. The newest counts.
CREATE TABLE member_decisions (
  number  INTEGER PRIMARY KEY AUTOINCREMENT,
  site    TEXT    NOT NULL,
  choice  TEXT    NOT NULL CHECK (choice IN ('disable', 'customise', 'keep')),
  owner   INTEGER NOT NULL REFERENCES people (id),
  reason  TEXT    NOT NULL,
  -- The change that carries it out, where there is one.
  change  INTEGER,
  made_by INTEGER NOT NULL REFERENCES people (id),
  made_at INTEGER NOT NULL
) STRICT;
