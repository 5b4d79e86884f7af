-- +goose Up
-- Limits of third parties, by account connector and its owner.
CREATE TABLE connector_tokens (
    account           bigint NOT NULL,
    account_connector bigint NOT NULL,
    state             bytea  NOT NULL, -- JSON: who has taken how many tokens of which limit, and when
    PRIMARY KEY (account, account_connector)
);
-- Waits for an answer other than 429.
CREATE TABLE connector_wait (
    account           bigint  NOT NULL,
    account_connector bigint  NOT NULL,
    until             bigint  NOT NULL, -- 0: there is none
    tries             bigint  NOT NULL,
    probing           boolean NOT NULL,
    PRIMARY KEY (account, account_connector)
);
