-- How complete the published rows are: by month and category, how many there are and how many have each field.
-- Counted from the published table alone, so that everybody can count it again from the files.
CREATE TABLE cpdi.completeness (
    dataset smallint NOT NULL REFERENCES cpdi.dataset ON DELETE CASCADE,
    -- By the department's calendar; empty for rows without a time.
    year smallint,
    month date,
    category text,
    rows bigint NOT NULL CHECK (rows > 0),
    fields text[] NOT NULL,
    filled bigint[] NOT NULL,
    -- The version of the year, and the query, that the counts are of.
    version text NOT NULL,
    recipe text NOT NULL,
    UNIQUE NULLS NOT DISTINCT (dataset, month, category),
    CHECK (cardinality(fields) = cardinality(filled))
);

-- The version of the table that the counts are of as a whole, and the query; empty before the first count.
ALTER TABLE cpdi.dataset ADD COLUMN counted_version text, ADD COLUMN counted_recipe text;

CREATE VIEW public._cpdi_completeness AS
    SELECT dataset.name AS dataset, dataset.counted_version AS version, counts.month, counts.category, counts.rows,
        one.field, one.filled, one.place
    FROM cpdi.completeness AS counts
    JOIN cpdi.dataset AS dataset ON dataset.number = counts.dataset
    CROSS JOIN LATERAL unnest(counts.fields, counts.filled) WITH ORDINALITY AS one (field, filled, place);
