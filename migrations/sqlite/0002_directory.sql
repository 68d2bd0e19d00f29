-- Channels, who is in them, how far each has read, and threads.

-- `name_folded` is the name in lower case, for channels that have a unique name only.
-- `pair` is the two sorted ids of a direct channel.
CREATE TABLE channels (
    id           BLOB PRIMARY KEY,
    org          BLOB NOT NULL,
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    name_folded  TEXT,
    pair         BLOB,
    description  TEXT NOT NULL,
    topic        TEXT NOT NULL,
    owner        BLOB NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    member_count INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX channels_by_name ON channels (org, name_folded) WHERE name_folded IS NOT NULL;
CREATE UNIQUE INDEX channels_by_pair ON channels (org, pair) WHERE pair IS NOT NULL;

-- `place` keeps the order of joining.
CREATE TABLE members (
    place              INTEGER PRIMARY KEY,
    channel            BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    user               BLOB NOT NULL,
    role               TEXT NOT NULL,
    last_read_seq      INTEGER NOT NULL,
    last_read_message  BLOB,
    notification_level TEXT NOT NULL,
    joined_at          INTEGER NOT NULL,
    UNIQUE (channel, user)
) STRICT;

CREATE INDEX members_by_user ON members (user);

CREATE TABLE threads (
    id         BLOB PRIMARY KEY,
    org        BLOB NOT NULL,
    channel    BLOB NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    body       BLOB NOT NULL
) STRICT;

CREATE INDEX threads_by_channel ON threads (channel, created_at);
