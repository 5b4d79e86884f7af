-- Templates in folders, with releases: at most one draft and one that is live.

-- +goose Up
CREATE TABLE folder (
    partner    bigint NOT NULL REFERENCES partner (id),
    id         text   NOT NULL,
    parent     text   NOT NULL, -- '': at the top
    name       text   NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (partner, id)
);
CREATE UNIQUE INDEX folder_name ON folder (partner, parent, lower(name));

-- The column release is the live one; as long as there is none, the draft.
ALTER TABLE template ADD COLUMN folder text NOT NULL DEFAULT ''; -- '': in none
ALTER TABLE template ADD COLUMN author text NOT NULL DEFAULT '';
ALTER TABLE template ADD COLUMN deleted_at bigint NOT NULL DEFAULT 0;
CREATE INDEX template_folder ON template (partner, folder);
CREATE INDEX template_deleted ON template (deleted_at) WHERE deleted_at > 0;

-- What there is, is live.
ALTER TABLE template_release ADD COLUMN state text NOT NULL DEFAULT 'Live';
ALTER TABLE template_release ADD COLUMN revision bigint NOT NULL DEFAULT 1;
ALTER TABLE template_release ADD COLUMN notes text NOT NULL DEFAULT '';
ALTER TABLE template_release ADD COLUMN retain_success_hours bigint;
ALTER TABLE template_release ADD COLUMN retain_errored_hours bigint;
ALTER TABLE template_release ADD COLUMN created_by text NOT NULL DEFAULT '';
ALTER TABLE template_release ADD COLUMN promoted_at bigint NOT NULL DEFAULT 0;
ALTER TABLE template_release ADD COLUMN promoted_by text NOT NULL DEFAULT '';
UPDATE template_release SET promoted_at = created_at;
CREATE UNIQUE INDEX template_release_draft ON template_release (partner, template) WHERE state = 'Draft';
CREATE UNIQUE INDEX template_release_live ON template_release (partner, template) WHERE state = 'Live';

CREATE INDEX cycle_release ON cycle (template, template_release) WHERE template <> '';
