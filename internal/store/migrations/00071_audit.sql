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
