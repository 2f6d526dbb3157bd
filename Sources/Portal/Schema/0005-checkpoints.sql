-- Signed statements of how many entries there were and what their Merkle root was. `frontier` is
-- what the next one needs of them, so that it reads only the entries after.
CREATE TABLE checkpoints (
  size     INTEGER PRIMARY KEY CHECK (size > 0),
  at       INTEGER NOT NULL,
  frontier BLOB    NOT NULL,
  note     TEXT    NOT NULL
) STRICT;
CREATE TRIGGER checkpoints_immutable BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never changed'); END;
CREATE TRIGGER checkpoints_kept BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are kept'); END;
CREATE TRIGGER checkpoints_once BEFORE INSERT ON checkpoints
WHEN EXISTS (SELECT 1 FROM checkpoints WHERE size >= NEW.size)
BEGIN SELECT RAISE(ABORT, 'checkpoints are kept'); END;

-- What became of the last attempt to put a checkpoint where nobody here can change it.
CREATE TABLE anchors (
  line    INTEGER NOT NULL,
  size    INTEGER NOT NULL CHECK (size > 0),
  place   TEXT    NOT NULL,
  at      INTEGER NOT NULL,
  outcome TEXT    NOT NULL CHECK (outcome IN ('kept', 'failed', 'missing')),
  detail  TEXT    NOT NULL,
  PRIMARY KEY (line, size)
) STRICT, WITHOUT ROWID;

-- One row: what the last comparison of the log with its anchors gave, and which start of the
-- portal made it. `behind` and `behind_line` are of an anchor that the log has not got.
CREATE TABLE log_standing (
  only        INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
  boot_id     TEXT    NOT NULL,
  compared_at INTEGER NOT NULL,
  behind      INTEGER,
  behind_line INTEGER,
  CHECK ((behind IS NULL) = (behind_line IS NULL))
) STRICT, WITHOUT ROWID;
