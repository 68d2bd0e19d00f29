-- What was done with customers' data, chained by hashes. Rows are only ever added.

CREATE TABLE audit (
    org           BLOB NOT NULL,
    place         INTEGER NOT NULL,
    action        TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    at            INTEGER NOT NULL,
    body          BLOB NOT NULL,
    hash          BLOB NOT NULL,
    PRIMARY KEY (org, place)
) STRICT;

CREATE INDEX audit_by_action ON audit (org, action, place);
CREATE INDEX audit_by_resource_type ON audit (org, resource_type, place);
