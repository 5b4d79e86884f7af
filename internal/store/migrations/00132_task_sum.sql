-- Tasks by day and month, put together in the background from the meter, so that what is
-- asked about all accounts does not go through it; see docs/usage.md.

-- +goose Up
CREATE TABLE task_day (
    partner   bigint NOT NULL REFERENCES partner (id),
    day       bigint NOT NULL, -- since 1970-01-01, UTC
    connector text   NOT NULL,
    version   text   NOT NULL,
    method    text   NOT NULL,
    succeeded bigint NOT NULL,
    failed    bigint NOT NULL,
    took      bigint NOT NULL,
    timed     bigint NOT NULL, -- tasks that took is of
    PRIMARY KEY (partner, day, connector, version, method)
) /*sqlite: WITHOUT ROWID */;

CREATE TABLE cycle_sum (
    account   bigint NOT NULL,
    span      bigint NOT NULL, -- 1: a day, 2: a month
    day       bigint NOT NULL, -- its first
    cycle     text   NOT NULL,
    succeeded bigint NOT NULL,
    failed    bigint NOT NULL,
    took      bigint NOT NULL,
    timed     bigint NOT NULL,
    PRIMARY KEY (account, span, day, cycle)
) /*sqlite: WITHOUT ROWID */;

-- What is counted before a slot is in these sums: of all accounts before that of the one
-- row of summing, of one account perhaps more. Whatever changes sums changes the version.
CREATE TABLE summing (
    slot    bigint NOT NULL,
    version bigint NOT NULL
);
INSERT INTO summing (slot, version) VALUES (0, 0);
ALTER TABLE ledger ADD COLUMN summed bigint NOT NULL DEFAULT 0; -- slot

-- Cycles that failed are few.
CREATE INDEX run_failed ON run_count (day, account, cycle) WHERE errors > 0;

/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('task_day', 'task_day', '100000 10000 100 10 5 1'), ('cycle_sum', 'cycle_sum', '1000000 100 50 2 1'), ('run_count', 'run_failed', '20000 500 2 1'); */
/*sqlite: ANALYZE sqlite_schema; */
