-- What the log says of itself, its keys and accepted gaps, is asked for at every start and every
-- checkpoint, and is a few entries among millions. Unlike the facets this is part of the proof, so
-- it is found in the log's own table.
CREATE INDEX audit_of_itself ON audit (type, seq) WHERE type GLOB 'log.*';
