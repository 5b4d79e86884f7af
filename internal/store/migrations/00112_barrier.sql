-- +goose Up
-- Steps at which cycles wait for all their transactions, up to mark; next_mark is
-- of the barrier after it, 0: nobody has arrived for that.
CREATE TABLE barrier (
    account     bigint NOT NULL,
    cycle       text   NOT NULL,
    version     bigint NOT NULL, -- of the graph
    step        text   NOT NULL,
    mark        bigint NOT NULL,
    failed      bigint NOT NULL, -- 1: a trigger failed, nothing goes on
    next_mark   bigint NOT NULL,
    next_failed bigint NOT NULL,
    opened_at   bigint NOT NULL,
    frontier    bytea  NOT NULL, -- of the transaction that goes on
    PRIMARY KEY (account, cycle, version, step)
) /*sqlite: WITHOUT ROWID */;
