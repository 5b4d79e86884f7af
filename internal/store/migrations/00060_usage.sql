-- Tasks are counted by the quarter of an hour, since the days and billing periods
-- of every zone begin with one; see docs/usage.md. What was counted by days stands
-- in the first quarter of each, and the connector is not known.

-- +goose Up
CREATE TABLE meter_slot (
    account   bigint NOT NULL,
    slot      bigint NOT NULL, -- quarters of an hour since 1970 UTC
    cycle     text   NOT NULL,
    method    text   NOT NULL, -- MethodUniqueIdentifier
    connector text   NOT NULL, -- name; '': not known
    version   text   NOT NULL,
    succeeded bigint NOT NULL,
    failed    bigint NOT NULL,
    PRIMARY KEY (account, slot, cycle, method, connector, version)
) /*sqlite: WITHOUT ROWID */;
INSERT INTO meter_slot (account, slot, cycle, method, connector, version, succeeded, failed)
    SELECT account, day * 96, cycle, method, '', '', succeeded, failed FROM meter;

-- How far an account's counts have been folded into parts of days, and up to when
-- the step items that they can be checked against may be gone.
CREATE TABLE ledger (
    account bigint PRIMARY KEY,
    folded  bigint NOT NULL, -- slot
    gone    bigint NOT NULL  -- time
);
INSERT INTO ledger (account, folded, gone) SELECT account, 0, (max(day) + 1) * 86400000000 FROM meter GROUP BY account;

DROP TABLE meter;
ALTER TABLE meter_slot RENAME TO meter;
CREATE INDEX meter_cycle ON meter (account, cycle);

-- Whose method a webhook is, so that its task is counted without the graph.
ALTER TABLE webhook ADD COLUMN connector text NOT NULL DEFAULT '';
ALTER TABLE webhook ADD COLUMN connector_version text NOT NULL DEFAULT '';

/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('meter', 'meter', '1000000 20000 100 10 1 1 1'), ('meter', 'meter_cycle', '1000000 20000 100'); */
/*sqlite: ANALYZE sqlite_schema; */
