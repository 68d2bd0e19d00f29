-- Small things with a version, and the unique keys beside them.

CREATE TABLE records (
    org     BLOB NOT NULL,
    kind    TEXT NOT NULL,
    parent  TEXT NOT NULL,
    id      TEXT NOT NULL,
    version INTEGER NOT NULL,
    body    BLOB NOT NULL,
    PRIMARY KEY (org, kind, parent, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE unique_keys (
    kind  TEXT NOT NULL,
    key   TEXT NOT NULL,
    owner TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
