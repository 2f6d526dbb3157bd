-- Prices as the Price List last told them. Without a number the list had none, or two.
CREATE TABLE prices (
  region       TEXT    NOT NULL,
  product      TEXT    NOT NULL,
  nano_dollars INTEGER CHECK (nano_dollars >= 0),
  published    TEXT    NOT NULL,
  read_at      INTEGER NOT NULL,
  PRIMARY KEY (region, product)
) STRICT, WITHOUT ROWID;

-- What was paid by day and service, as Cost Explorer last told it. A day that was told with no
-- service at all has a row without one.
CREATE TABLE spend (
  site          TEXT    NOT NULL,
  day           INTEGER NOT NULL, -- days since 1970-01-01, UTC
  service       TEXT    NOT NULL,
  micro_dollars INTEGER NOT NULL,
  is_estimated  INTEGER NOT NULL CHECK (is_estimated IN (0, 1)),
  PRIMARY KEY (site, day, service)
) STRICT, WITHOUT ROWID;

-- When prices and spend were last read, and the last failure to read them.
CREATE TABLE cost_readings (
  site      TEXT    NOT NULL,
  what      TEXT    NOT NULL CHECK (what IN ('prices', 'spend')),
  read_at   INTEGER,
  failure   TEXT,
  failed_at INTEGER,
  PRIMARY KEY (site, what),
  CHECK ((failure IS NULL) = (failed_at IS NULL))
) STRICT, WITHOUT ROWID;
