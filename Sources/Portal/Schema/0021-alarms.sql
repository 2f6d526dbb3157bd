-- States that alarms were seen to go into, as CloudWatch itself forgets them after two weeks.
CREATE TABLE alarm_changes (
  site   TEXT    NOT NULL,
  name   TEXT    NOT NULL,
  at     INTEGER NOT NULL,
  state  TEXT    NOT NULL,
  reason TEXT    NOT NULL,
  PRIMARY KEY (site, name, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX alarm_changes_by_time ON alarm_changes (site, at);

-- The last turns of all checks, for the start page.
CREATE INDEX finding_turns_by_time ON finding_turns (site, at);
