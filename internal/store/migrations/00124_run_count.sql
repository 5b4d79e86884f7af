-- How transactions ended and how long they took, counted in the commit in which they
-- did; see docs/usage.md. Those that were cancelled are not counted.

-- +goose Up
CREATE TABLE run_count (
    account bigint NOT NULL,
    day     bigint NOT NULL, -- since 1970-01-01, UTC
    cycle   text   NOT NULL,
    span    bigint NOT NULL, -- they took at most 2 to the power of a quarter of it, in milliseconds
    runs    bigint NOT NULL,
    errors  bigint NOT NULL, -- of these, that failed
    PRIMARY KEY (account, day, cycle, span)
) /*sqlite: WITHOUT ROWID */;

-- The same of all accounts of a partner, by days that are over. A day before the last
-- that has no row had none.
CREATE TABLE run_day (
    partner bigint NOT NULL REFERENCES partner (id),
    day     bigint NOT NULL,
    runs    bigint NOT NULL,
    errors  bigint NOT NULL,
    p95     bigint NOT NULL, -- milliseconds
    PRIMARY KEY (partner, day)
) /*sqlite: WITHOUT ROWID */;

-- How long the steps took that are counted, where that is known.
ALTER TABLE meter ADD COLUMN took bigint NOT NULL DEFAULT 0; -- microseconds, all together

/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('run_count', 'run_count', '1000000 1000 30 5 1'); */
/*sqlite: ANALYZE sqlite_schema; */
