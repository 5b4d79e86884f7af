-- +goose Up
-- What nodes that have too much to do tell those that take transactions in: whose
-- begin late there, and how many may come in for those that have begun of late.
CREATE TABLE late (
    account bigint NOT NULL,
    node    bigint NOT NULL,
    seen_at bigint NOT NULL,
    room    bigint NOT NULL,
    PRIMARY KEY (account, node)
);
