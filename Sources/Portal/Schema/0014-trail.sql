-- Acts on what Caretaker looks after that no change of its own made, each once. Who did it stands
-- here and not in the log: names can be erased.
CREATE TABLE outside_acts (
  site      TEXT    NOT NULL,
  source    TEXT    NOT NULL CHECK (source IN ('aws', 'github', 'ghost')),
  id        TEXT    NOT NULL,
  at        INTEGER NOT NULL,
  who       TEXT    NOT NULL,
  act       TEXT    NOT NULL,
  resource  TEXT    NOT NULL,
  PRIMARY KEY (site, source, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX outside_acts_by_time ON outside_acts (site, at);
