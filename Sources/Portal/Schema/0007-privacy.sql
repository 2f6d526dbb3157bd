-- One row: the highest time ever written. A clock that shows less was set back.
CREATE TABLE time_floor (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
  ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO time_floor (only, ms) SELECT 1, coalesce(max(at), 0) FROM audit;

-- An entry that has the time of the one before was written by a clock behind it: no word of the time.
CREATE TRIGGER time_floor_rises AFTER INSERT ON audit
WHEN NEW.at > coalesce((SELECT at FROM audit WHERE seq = NEW.seq - 1), 0)
BEGIN UPDATE time_floor SET ms = NEW.at WHERE ms < NEW.at; END;
