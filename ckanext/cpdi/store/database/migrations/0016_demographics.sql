-- Counts of people by one characteristic and year, as they are published: written once for a closed year, then fixed.
-- What was withheld stands nowhere: a count below the smallest one that is shown cannot be stored.
CREATE TABLE cpdi.demographic (
    dataset smallint NOT NULL REFERENCES cpdi.dataset ON DELETE CASCADE,
    name text NOT NULL,
    year smallint NOT NULL,
    category text NOT NULL,
    count integer,
    mark text NOT NULL CHECK (mark IN ('', 'fewer', 'withheld')),
    smallest smallint NOT NULL CHECK (smallest > 2),
    counted date NOT NULL,
    PRIMARY KEY (dataset, name, year, category),
    CHECK ((count IS NULL) = (mark <> '')),
    CHECK (count = 0 OR count >= smallest OR category IN ('total', 'not_shown'))
);

CREATE VIEW public._cpdi_demographic AS
    SELECT dataset.name AS dataset, counts.name, counts.year, counts.category, counts.count, counts.mark, counts.smallest,
        counts.counted
    FROM cpdi.demographic AS counts JOIN cpdi.dataset AS dataset ON dataset.number = counts.dataset;
