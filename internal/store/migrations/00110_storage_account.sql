-- +goose Up
-- What all stores of an account have together. A store holds room ahead of what it
-- uses, so that the row of its account is not in every change.
CREATE TABLE storage_account (
    account bigint NOT NULL PRIMARY KEY,
    items   bigint NOT NULL,
    bytes   bigint NOT NULL
);
ALTER TABLE storage ADD COLUMN held_items bigint NOT NULL DEFAULT 0;
ALTER TABLE storage ADD COLUMN bytes bigint NOT NULL DEFAULT 0; -- of keys, and values as they are kept
ALTER TABLE storage ADD COLUMN held_bytes bigint NOT NULL DEFAULT 0;

UPDATE storage SET gone = true WHERE items = 0 AND purpose LIKE 'pair %';
UPDATE storage SET held_items = items, bytes = COALESCE(
    (SELECT SUM(octet_length(name) + octet_length(sealed)) FROM storage_item i WHERE i.account = storage.account AND i.storage = storage.id), 0) + COALESCE(
    (SELECT SUM(octet_length(first) + octet_length(second)) FROM storage_pair p WHERE p.account = storage.account AND p.storage = storage.id), 0)
    WHERE NOT gone;
UPDATE storage SET held_bytes = bytes;
INSERT INTO storage_account (account, items, bytes) SELECT account, SUM(held_items), SUM(held_bytes) FROM storage GROUP BY account;
