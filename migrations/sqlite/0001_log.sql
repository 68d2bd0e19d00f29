-- The log of every channel, and messages as they stand now.
-- Ids are 16 bytes, big-endian; times are milliseconds since 1970; bodies are the versioned
-- MessagePack of src/adapters/sqlite/stored.rs.

-- Facts about this database as a whole, such as the generation of its logs.
CREATE TABLE facts (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The fence of each bucket: appends and claims apply only to the state they expect.
CREATE TABLE buckets (
    channel  BLOB NOT NULL,
    bucket   INTEGER NOT NULL,
    epoch    INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    PRIMARY KEY (channel, bucket)
) STRICT, WITHOUT ROWID;

-- One row a position. A posted message has its words in `messages` only, so that they are in one
-- place when they must go; every other kind keeps its event in `body`.
CREATE TABLE entries (
    channel BLOB NOT NULL,
    seq     INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    message BLOB,
    body    BLOB,
    PRIMARY KEY (channel, seq)
) STRICT, WITHOUT ROWID;

-- Deleting a message takes its words out of its edits (kind 2) too.
CREATE INDEX entries_edits ON entries (message) WHERE kind = 2;

-- `place` grows with every message, so new rows are always written at the end of the table.
CREATE TABLE messages (
    place             INTEGER PRIMARY KEY,
    id                BLOB NOT NULL UNIQUE,
    channel           BLOB NOT NULL,
    seq               INTEGER NOT NULL,
    ordinal           INTEGER NOT NULL,
    author            BLOB NOT NULL,
    thread            BLOB,
    client_message_id TEXT,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    is_edited         INTEGER NOT NULL,
    is_deleted        INTEGER NOT NULL,
    body              BLOB NOT NULL
) STRICT;

-- Author and deletion are in the index so that unread messages are counted without the rows.
CREATE INDEX messages_by_seq ON messages (channel, seq, author, is_deleted);
CREATE INDEX messages_outside_threads ON messages (channel, seq) WHERE thread IS NULL;
CREATE INDEX messages_by_thread ON messages (channel, thread, seq, author, is_deleted)
    WHERE thread IS NOT NULL;
CREATE UNIQUE INDEX messages_by_key ON messages (channel, author, client_message_id)
    WHERE client_message_id IS NOT NULL;

-- Earlier texts of edited messages.
CREATE TABLE versions (
    message BLOB NOT NULL,
    number  INTEGER NOT NULL,
    content TEXT NOT NULL,
    by      BLOB NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (message, number)
) STRICT, WITHOUT ROWID;

-- `place` keeps the order of people, `rank` that of the emoji on one message.
CREATE TABLE reactions (
    place   INTEGER PRIMARY KEY,
    message BLOB NOT NULL,
    rank    INTEGER NOT NULL,
    emoji   TEXT NOT NULL,
    user    BLOB NOT NULL,
    UNIQUE (message, emoji, user)
) STRICT;

-- Who is named where by someone else: what makes a mention count.
CREATE TABLE mentions (
    channel BLOB NOT NULL,
    user    BLOB NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (channel, user, seq)
) STRICT, WITHOUT ROWID;
