-- +goose Up
-- What steps and scripts keep between runs. A store is known by its number, so
-- that it is emptied by being forgotten: its items are deleted later.
CREATE TABLE storage (
    account   bigint  NOT NULL,
    id        bigint  NOT NULL,
    purpose   text    NOT NULL,
    connector bigint  NOT NULL, -- an account connector; 0: of none
    cycle     text    NOT NULL, -- '': of none
    items     bigint  NOT NULL,
    gone      boolean NOT NULL, -- its items are to be deleted
    PRIMARY KEY (account, id)
);
CREATE UNIQUE INDEX storage_purpose ON storage (account, purpose, connector, cycle) WHERE NOT gone;
CREATE INDEX storage_connector ON storage (connector) WHERE connector > 0;
CREATE INDEX storage_gone ON storage (account, id) WHERE gone;

CREATE TABLE storage_item (
    account    bigint NOT NULL,
    storage    bigint NOT NULL,
    name       text   /*postgres: COLLATE "C" */ NOT NULL,
    sealed     bytea  NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (account, storage, name)
);
CREATE INDEX storage_item_expiry ON storage_item (expires_at) WHERE expires_at > 0;

-- Changes that have happened, for who asks for one again after a crash.
CREATE TABLE storage_done (
    account bigint NOT NULL,
    name    text   NOT NULL,
    result  text   NOT NULL,
    done_at bigint NOT NULL,
    PRIMARY KEY (account, name)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX storage_done_at ON storage_done (done_at);
