-- The same text serves both databases. A comment of the form /*sqlite: … */ is
-- opened for SQLite, and /*postgres: … */ for PostgreSQL. Times are microseconds since 1970 UTC, 0 for none; ids are
-- numbers or lower-case text; documents are bytes. A tenant's table leads its
-- key with the account, so that it can be sharded by it.

-- +goose Up
CREATE TABLE setting (
    name  text   PRIMARY KEY,
    value bytea  NOT NULL
);

-- Numbers given so far, by what they number.
CREATE TABLE sequence (
    name  text   PRIMARY KEY,
    value bigint NOT NULL
);

CREATE TABLE partner (
    id         bigint PRIMARY KEY,
    name       text   NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE console_user (
    id            bigint PRIMARY KEY,
    partner       bigint NOT NULL REFERENCES partner (id),
    email         text   NOT NULL UNIQUE, -- lower case
    name          text   NOT NULL,
    password_hash text   NOT NULL,
    created_at    bigint NOT NULL
);

CREATE TABLE session (
    token      text   PRIMARY KEY,
    data       bytea  NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE oauth_client (
    id          text   PRIMARY KEY,
    partner     bigint NOT NULL REFERENCES partner (id),
    secret_hash bytea  NOT NULL,
    name        text   NOT NULL,
    created_at  bigint NOT NULL
);

CREATE TABLE access_token (
    hash       bytea  PRIMARY KEY, -- SHA-256; the token itself is not kept
    client     text   NOT NULL REFERENCES oauth_client (id) ON DELETE CASCADE,
    partner    bigint NOT NULL,
    account    bigint NOT NULL, -- 0: not restricted
    issued_at  bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX access_token_expiry ON access_token (expires_at);

CREATE TABLE account (
    id                       bigint  PRIMARY KEY,
    partner                  bigint  NOT NULL REFERENCES partner (id),
    api_id                   text    NOT NULL,
    parent                   bigint  NOT NULL, -- 0: none
    name                     text    NOT NULL,
    description              text,
    timezone                 text    NOT NULL,
    audit_info               text,
    task_audit_info          text,
    next_bill_at             bigint  NOT NULL,
    retain_success_hours     bigint,
    retain_errored_hours     bigint,
    error_webhook_enabled    boolean NOT NULL,
    error_webhook_url        text,
    error_webhook_warnings   boolean NOT NULL,
    concurrent_limit         bigint,
    enabled                  boolean NOT NULL,
    data_key                 bytea   NOT NULL, -- wrapped by the master key
    created_at               bigint  NOT NULL,
    deleted_at               bigint  NOT NULL
);
CREATE UNIQUE INDEX account_api_id ON account (partner, api_id) WHERE deleted_at = 0;
CREATE INDEX account_name ON account (partner, lower(name), id, lower(api_id)) WHERE deleted_at = 0; -- all that a search reads
CREATE INDEX account_created ON account (partner, created_at, id) WHERE deleted_at = 0;
CREATE INDEX account_parent ON account (parent);

CREATE TABLE app_user (
    id            bigint PRIMARY KEY,
    partner       bigint NOT NULL REFERENCES partner (id),
    username      text   NOT NULL, -- lower case
    password_hash text   NOT NULL, -- '': cannot sign in by password
    created_at    bigint NOT NULL,
    UNIQUE (partner, username)
);

CREATE TABLE membership (
    account       bigint  NOT NULL REFERENCES account (id),
    app_user      bigint  NOT NULL REFERENCES app_user (id),
    administrator boolean NOT NULL,
    PRIMARY KEY (account, app_user)
);

-- The library. Definitions live in files; this gives them their numbers.
CREATE TABLE connector (
    id      bigint PRIMARY KEY,
    partner bigint NOT NULL, -- 0: of the installation's library
    name    text   NOT NULL, -- lower case
    version text   NOT NULL,
    UNIQUE (partner, name, version)
);

-- Numbers of a connector's methods, parameters, fields, triggers and ways to
-- authenticate, by kind and name, so that they outlive edits of its file.
CREATE TABLE connector_part (
    connector bigint NOT NULL REFERENCES connector (id),
    kind      text   NOT NULL,
    name      text   NOT NULL,
    id        bigint NOT NULL UNIQUE,
    PRIMARY KEY (connector, kind, name)
);

CREATE TABLE account_connector (
    account        bigint  NOT NULL REFERENCES account (id),
    id             bigint  NOT NULL UNIQUE,
    connector      bigint  NOT NULL REFERENCES connector (id),
    name           text    NOT NULL,
    description    text    NOT NULL,
    authentication bigint  NOT NULL,
    sealed         bytea   NOT NULL, -- credentials and properties
    authenticated  boolean NOT NULL,
    partner_owned  boolean NOT NULL, -- IsPartnerIntegrationConnector
    created_at     bigint  NOT NULL,
    PRIMARY KEY (account, id)
);

-- Labels, here and in cycle, are what lists are searched by: a line for each
-- tag and connector, then the name, all in lower case.
CREATE TABLE template (
    partner     bigint  NOT NULL REFERENCES partner (id),
    id          text    NOT NULL,
    name        text    NOT NULL,
    description text    NOT NULL,
    tags        bytea   NOT NULL, -- JSON
    labels      text    NOT NULL,
    published   boolean NOT NULL,
    release     text    NOT NULL, -- the live one
    created_at  bigint  NOT NULL,
    PRIMARY KEY (partner, id)
);

CREATE TABLE template_release (
    partner    bigint NOT NULL,
    template   text   NOT NULL,
    id         text   NOT NULL,
    version    bigint NOT NULL, -- from 1
    graph      bytea  NOT NULL, -- JSON
    created_at bigint NOT NULL,
    PRIMARY KEY (partner, template, id)
);

CREATE TABLE cycle (
    account          bigint  NOT NULL REFERENCES account (id),
    id               text    NOT NULL,
    version          bigint  NOT NULL, -- of the graph that it runs
    name             text    NOT NULL,
    description      text    NOT NULL,
    tags             bytea   NOT NULL, -- JSON
    labels           text    NOT NULL,
    shareable        boolean NOT NULL,
    status           text    NOT NULL,
    stop_reason      text    NOT NULL, -- '': none, or stopped by a person
    template         text    NOT NULL, -- '': built in the account
    template_release text    NOT NULL,
    interval_minutes bigint  NOT NULL,
    start_at         bigint  NOT NULL,
    run_once         boolean NOT NULL,
    created_at       bigint  NOT NULL,
    PRIMARY KEY (account, id)
);

CREATE INDEX cycle_not_paused ON cycle (account, id) WHERE status <> 'Paused';

-- A version that was ever activated is frozen: it is never changed.
CREATE TABLE cycle_version (
    account    bigint  NOT NULL,
    cycle      text    NOT NULL,
    version    bigint  NOT NULL,
    graph      bytea   NOT NULL, -- JSON
    connectors bytea   NOT NULL, -- JSON: ref to account connector
    frozen     boolean NOT NULL,
    PRIMARY KEY (account, cycle, version)
);

-- Which account connectors the current version uses.
CREATE TABLE cycle_connector (
    account           bigint NOT NULL,
    cycle             text   NOT NULL,
    account_connector bigint NOT NULL,
    PRIMARY KEY (account, cycle, account_connector)
);
CREATE INDEX cycle_connector_use ON cycle_connector (account_connector);

-- Which cycle a step of the current version belongs to.
CREATE TABLE step (
    account bigint NOT NULL,
    id      text   NOT NULL,
    cycle   text   NOT NULL,
    last_successful_run bigint NOT NULL,
    PRIMARY KEY (account, id)
);
CREATE INDEX step_cycle ON step (account, cycle);

-- A step keeps its key for as long as its cycle lives.
CREATE TABLE webhook (
    key     text   PRIMARY KEY,
    account bigint NOT NULL,
    cycle   text   NOT NULL,
    step    text   NOT NULL,
    method  text   NOT NULL, -- MethodUniqueIdentifier of the step
    remote  text   NOT NULL, -- id that the third party gave, if it was asked
    UNIQUE (account, cycle, step)
);

-- Timers of running cycles.
CREATE TABLE timer (
    account bigint NOT NULL,
    cycle   text   NOT NULL,
    next_at bigint NOT NULL,
    PRIMARY KEY (account, cycle)
);
CREATE INDEX timer_next ON timer (next_at);

CREATE TABLE txn (
    account     bigint NOT NULL,
    id          bigint NOT NULL, -- time-ordered
    cycle       text   NOT NULL,
    version     bigint NOT NULL,
    parent      bigint NOT NULL, -- 0: none
    status      bigint NOT NULL, -- from 10 on final
    epoch       bigint NOT NULL,
    next_seq    bigint NOT NULL,
    children    bigint NOT NULL, -- that it was split into
    open        bigint NOT NULL, -- of these, not at their end
    tasks       bigint NOT NULL,
    errors      bigint NOT NULL,
    suspicion   bigint NOT NULL,
    created_at  bigint NOT NULL,
    wake_at     bigint NOT NULL, -- with status 1, or when it was held
    finished_at bigint NOT NULL,
    admitted    bigint NOT NULL DEFAULT 0, -- 1: the engine for many nodes has a job for it
    frontier    bytea,               -- packed; NULL: nothing is pending
    PRIMARY KEY (account, id)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX txn_cycle ON txn (account, cycle, id);
CREATE INDEX txn_child ON txn (account, parent, id) WHERE parent > 0;
CREATE INDEX txn_pending ON txn (account, cycle) WHERE status < 10;
CREATE INDEX txn_failed ON txn (account, id) WHERE status > 10;
/*sqlite: CREATE INDEX txn_open ON txn (id) WHERE status < 10; */
/*postgres: CREATE INDEX txn_ready ON txn (account, id) WHERE status = 0 AND admitted = 0; */
/*postgres: CREATE INDEX txn_admitted ON txn (account) WHERE status < 10 AND admitted = 1; */
/*postgres: CREATE INDEX txn_wake ON txn (wake_at) WHERE status = 1; */

-- Cycles that no engine may run.
CREATE TABLE hold (
    account bigint NOT NULL,
    cycle   text   NOT NULL,
    since   bigint NOT NULL, -- 0: what it held has expired
    PRIMARY KEY (account, cycle)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX hold_since ON hold (since) WHERE since > 0;

CREATE TABLE step_item (
    account     bigint NOT NULL,
    txn         bigint NOT NULL,
    seq         bigint NOT NULL, -- from 1
    prev        bigint NOT NULL,
    step        text   NOT NULL,
    attempt     bigint NOT NULL,
    outcome     bigint NOT NULL,
    exit        text   NOT NULL,
    message     text   NOT NULL,
    tasks       bigint NOT NULL,
    started_at  bigint NOT NULL,
    finished_at bigint NOT NULL,
    blob        bigint NOT NULL, -- 1: a file holds data, since it is long
    data        bytea,           -- request and response, packed
    PRIMARY KEY (account, txn, seq)
); -- with a rowid: rows are long, and so are appended and not put in order

CREATE TABLE dedupe (
    account    bigint NOT NULL,
    source     text   NOT NULL,
    key        text   NOT NULL,
    txn        bigint NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (account, source, key)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX dedupe_created ON dedupe (created_at);

-- Tasks, counted in the commit of the step that used them.
CREATE TABLE meter (
    account   bigint NOT NULL,
    day       bigint NOT NULL, -- since 1970-01-01, UTC
    cycle     text   NOT NULL,
    method    text   NOT NULL,
    succeeded bigint NOT NULL,
    failed    bigint NOT NULL,
    PRIMARY KEY (account, day, cycle, method)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX meter_cycle ON meter (account, cycle);

CREATE TABLE incident (
    account    bigint NOT NULL,
    id         bigint NOT NULL,
    cycle      text   NOT NULL,
    txn        bigint NOT NULL,
    step       text   NOT NULL,
    level      bigint NOT NULL,
    short      text   NOT NULL,
    full_text  text   NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (account, id)
);
CREATE INDEX incident_cycle ON incident (account, cycle, id);

-- SQLite reads these statistics instead of making its own, which it would not do
-- by itself. They say what a busy installation looks like: many rows to an
-- account, few of them pending or failed. Each lists the rows of an index, then
-- the rows that are alike in its first column, its first two, and so on.
/*sqlite: ANALYZE; */
/*sqlite: DELETE FROM sqlite_stat1; */
/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('txn', 'txn', '10000000 100000 1'), ('txn', 'txn_cycle', '10000000 100000 1000 1'); */
/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('txn', 'txn_child', '1000000 10000 100 1'), ('txn', 'txn_open', '1000 1'); */
/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('txn', 'txn_pending', '1000 20 5'), ('txn', 'txn_failed', '10000 100 1'); */
/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('meter', 'meter', '1000000 20000 100 10 1'), ('meter', 'meter_cycle', '1000000 20000 100'); */
/*sqlite: ANALYZE sqlite_schema; */
