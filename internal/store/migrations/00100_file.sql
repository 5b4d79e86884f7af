-- +goose Up
-- Files that steps hand on.
CREATE TABLE file (
    account      bigint NOT NULL,
    id           text   NOT NULL,
    name         text   NOT NULL,
    content_type text   NOT NULL,
    size         bigint NOT NULL, -- in bytes; -1: is being written, or deleted
    created_at   bigint NOT NULL, -- 1: is being deleted
    PRIMARY KEY (account, id)
);
CREATE INDEX file_created ON file (account, created_at);

-- What they hold, where many nodes have no folder in common.
CREATE TABLE file_chunk (
    account bigint NOT NULL,
    file    text   NOT NULL,
    seq     bigint NOT NULL, -- from 0
    data    bytea  NOT NULL,
    PRIMARY KEY (account, file, seq)
);

-- How many bytes an account's files have together.
CREATE TABLE file_use (
    account bigint PRIMARY KEY,
    bytes   bigint NOT NULL
);
