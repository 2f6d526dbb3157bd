-- The library of themes: versions that can be deployed again. The archive itself is a file in the
-- data folder, named after its digest; it is there before its row is, and goes after it.
CREATE TABLE themes (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  site       TEXT    NOT NULL,
  sha256     TEXT    NOT NULL CHECK (length(sha256) = 64), -- of the archive
  files      TEXT    NOT NULL CHECK (length(files) = 64),  -- of what is in it, however packed
  bytes      INTEGER NOT NULL CHECK (bytes > 0),
  name       TEXT    NOT NULL,
  version    TEXT    NOT NULL,
  source     TEXT    NOT NULL CHECK (source IN ('upload', 'workflow', 'commit', 'download')),
  origin     TEXT    NOT NULL, -- a file's name, a commit, or the change it was kept before
  report     TEXT    NOT NULL, -- what the pre-flight found, as JSON
  made_by    INTEGER REFERENCES people (id),
  made_at    INTEGER NOT NULL,
  removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX themes_once ON themes (site, sha256) WHERE removed_at IS NULL;

-- Which version a change has sent to Ghost, and when Ghost answered that it took it. Whether readers
-- were seen to get it is the state of the change.
CREATE TABLE theme_deployments (
  change_id TEXT    NOT NULL UNIQUE REFERENCES changes (id),
  site      TEXT    NOT NULL,
  theme     INTEGER NOT NULL REFERENCES themes (number),
  begun_at  INTEGER NOT NULL,
  taken_at  INTEGER
) STRICT;
CREATE INDEX theme_deployments_by_site ON theme_deployments (site, begun_at);
