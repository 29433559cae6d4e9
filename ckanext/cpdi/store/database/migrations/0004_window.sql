-- How a run dealt with what its feed lacked, what the feed looked like from afar (never a value of it), and what spoke
-- against publishing it. Private: staff see it through the portal, the read role does not.
ALTER TABLE cpdi.run
    ADD COLUMN sync text NOT NULL DEFAULT 'full' CHECK (sync IN ('full', 'window', 'append')),
    -- {headers: [names], rows: n, filled: {column: rows}, first: day, last: day}
    ADD COLUMN feed jsonb,
    -- [{code, text, before, after, field, holds}]
    ADD COLUMN objections jsonb NOT NULL DEFAULT '[]';

-- What staff were last told of a dataset, so that the same state is not told every night.
CREATE TABLE cpdi.alert (
    dataset text PRIMARY KEY,
    signature text NOT NULL,
    run bigint NOT NULL,
    sent timestamptz NOT NULL DEFAULT now()
);
