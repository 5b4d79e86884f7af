-- +goose Up
-- Ids of one thing in two systems; each has one counterpart.
CREATE TABLE storage_pair (
    account bigint NOT NULL,
    storage bigint NOT NULL,
    first   text   /*postgres: COLLATE "C" */ NOT NULL,
    second  text   /*postgres: COLLATE "C" */ NOT NULL,
    PRIMARY KEY (account, storage, first)
) /*sqlite: WITHOUT ROWID */;
CREATE UNIQUE INDEX storage_pair_second ON storage_pair (account, storage, second);

-- How deep a transaction is that another cycle started is in its source.
CREATE INDEX dedupe_started ON dedupe (account, txn) WHERE source LIKE 'started %';
