-- Backups of this database itself that the portal made by its own clock, and those that failed.
CREATE TABLE own_backups (
  number  INTEGER PRIMARY KEY AUTOINCREMENT,
  at      INTEGER NOT NULL,
  place   TEXT    NOT NULL, -- the file or the object; where it should have been, for a failure
  bytes   INTEGER CHECK (bytes > 0),
  entries INTEGER, -- the log's last entry in it
  problem TEXT CHECK (problem <> ''), -- why there is none
  CHECK ((problem IS NULL) = (bytes IS NOT NULL AND entries IS NOT NULL))
) STRICT;
