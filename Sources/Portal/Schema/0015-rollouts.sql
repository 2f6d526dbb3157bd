-- Rollouts of the service as ECS last told of them. ECS forgets them after 90 days.
CREATE TABLE rollouts (
  site       TEXT    NOT NULL,
  arn        TEXT    NOT NULL,
  status     TEXT    NOT NULL,
  reason     TEXT    NOT NULL,
  revision   TEXT    NOT NULL,
  digest     TEXT    NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER,
  PRIMARY KEY (site, arn)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollouts_by_time ON rollouts (site, started_at);
