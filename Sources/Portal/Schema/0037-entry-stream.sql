-- How far the log's entries have been put where engines read them.
CREATE TABLE entry_stream (
  only    INTEGER PRIMARY KEY CHECK (only = 1),
  place   TEXT    NOT NULL, -- s3://BUCKET/PREFIX
  through INTEGER NOT NULL CHECK (through >= 0), -- the last entry that is there
  at      INTEGER NOT NULL, -- when it came there, or when the stream began
  problem TEXT CHECK (problem <> '') -- why the last attempt put nothing; NULL for none
) STRICT;
