-- Where a run's feed lay and what its source said of its version, so that the next run can ask for another one only.
-- The address is a keyed hash; nothing here gives a credential away. Runs before this had none, and are never repeated.
ALTER TABLE cpdi.run
    ADD COLUMN feed_source text NOT NULL DEFAULT '',
    ADD COLUMN feed_name text NOT NULL DEFAULT '',
    ADD COLUMN feed_size bigint NOT NULL DEFAULT 0,
    ADD COLUMN feed_etag text NOT NULL DEFAULT '',
    ADD COLUMN feed_last_modified text NOT NULL DEFAULT '',
    ADD COLUMN feed_address text NOT NULL DEFAULT '',
    -- When its bytes were last fetched and read; a repeat keeps that of the run it repeats.
    ADD COLUMN feed_fetched timestamptz,
    -- A keyed hash of everything beside the feed that decides what is published: rules, places, key, code.
    ADD COLUMN basis text NOT NULL DEFAULT '';
