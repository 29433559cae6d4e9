-- When staff let a held run through; the next run of the same feed is then not held.
ALTER TABLE cpdi.run ADD COLUMN released timestamptz
    CONSTRAINT only_a_held_run_is_released CHECK (released IS NULL OR state = 'held');
CREATE INDEX run_released ON cpdi.run (dataset, feed_sha256) WHERE released IS NOT NULL;
