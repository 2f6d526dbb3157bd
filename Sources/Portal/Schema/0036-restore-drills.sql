-- Backups that somebody made by hand are listed with those of the portal's own clock, which goes on
-- without them.
ALTER TABLE own_backups ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0 CHECK (by_hand IN (0, 1));

-- Backups of this database that were brought back to see that they can be, and thrown away again.
CREATE TABLE restore_drills (
  number   INTEGER PRIMARY KEY AUTOINCREMENT,
  at       INTEGER NOT NULL,
  place    TEXT    NOT NULL, -- the file or the object
  taken_at INTEGER, -- when the backup was begun
  entries  INTEGER, -- the last entry of the log in it
  problem  TEXT CHECK (problem <> ''), -- why it could not be brought back
  CHECK ((problem IS NULL) = (taken_at IS NOT NULL AND entries IS NOT NULL))
) STRICT;
