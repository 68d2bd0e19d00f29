-- One thread a message, whoever asks first. `root` is the message that a thread hangs on; threads
-- that were made before this step have it in `body` only.

ALTER TABLE threads ADD COLUMN root BLOB;

CREATE UNIQUE INDEX threads_by_root ON threads (channel, root) WHERE root IS NOT NULL;
