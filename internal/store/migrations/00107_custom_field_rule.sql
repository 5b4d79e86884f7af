-- +goose Up
-- What a definition can say of a field can be said of a custom one; and whether
-- it was discovered, so that it is known to be gone one day.
ALTER TABLE custom_field ADD COLUMN is_optional boolean NOT NULL DEFAULT true;
ALTER TABLE custom_field ADD COLUMN read_only boolean NOT NULL DEFAULT false;
ALTER TABLE custom_field ADD COLUMN hidden boolean NOT NULL DEFAULT false;
ALTER TABLE custom_field ADD COLUMN fallback text NOT NULL DEFAULT '';
ALTER TABLE custom_field ADD COLUMN choices text NOT NULL DEFAULT ''; -- JSON; '': none
ALTER TABLE custom_field ADD COLUMN discovered boolean NOT NULL DEFAULT false;
