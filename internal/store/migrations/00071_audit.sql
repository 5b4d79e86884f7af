-- Who changed what, hash-chained by partner; see audit_chain.go.

-- +goose Up
CREATE TABLE audit (
    partner      bigint NOT NULL,
    seq          bigint NOT NULL, -- from 1, without gaps
    at           bigint NOT NULL, -- not before that of seq - 1
    actor_type   text   NOT NULL,
    actor_id     text   NOT NULL,
    actor        text   NOT NULL, -- names are as they were then
    account_id   text   NOT NULL, -- API ID; '': none
    account      text   NOT NULL,
    action       text   NOT NULL,
    object       text   NOT NULL,
    sent         text   NOT NULL,
    outcome      text   NOT NULL,
    reason       text   NOT NULL,
    alike        bigint NOT NULL, -- that it stands for
    request      text   NOT NULL,
    address      text   NOT NULL,
    hash         bytea  NOT NULL,
    PRIMARY KEY (partner, seq)
);
CREATE INDEX audit_time ON audit (partner, at, seq);
CREATE INDEX audit_action ON audit (partner, action, seq);
CREATE INDEX audit_account ON audit (partner, account_id, seq);
CREATE INDEX audit_actor ON audit (partner, actor, seq);
CREATE INDEX audit_actor_id ON audit (partner, actor_id, seq);

-- The end of each partner's chain. Whoever appends locks its row.
CREATE TABLE audit_head (
    partner bigint PRIMARY KEY REFERENCES partner (id),
    sealed  bytea  NOT NULL, -- the key of the chain
    seq     bigint NOT NULL, -- 0: nothing yet
    at      bigint NOT NULL,
    hash    bytea  NOT NULL,
    mac     bytea  NOT NULL  -- of seq and hash
);

-- See 00001_init.sql. Of indexes that begin alike, the one with more of what is
-- looked for is the better.
/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('audit', 'sqlite_autoindex_audit_1', '1000000 100000 1'), ('audit', 'audit_time', '1000000 100000 1 1'); */
/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('audit', 'audit_action', '1000000 100000 2000 1'), ('audit', 'audit_account', '1000000 100000 100 1'); */
/*sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('audit', 'audit_actor', '1000000 100000 5000 1'), ('audit', 'audit_actor_id', '1000000 100000 5000 1'); */
/*sqlite: ANALYZE sqlite_schema; */
