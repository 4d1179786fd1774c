-- Schema 4. The settings room: what live work obeys.

-- 示忙分类. An empty name is the text call.busy.<code>.
CREATE TABLE busy_reason (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL DEFAULT '',
  colour TEXT NOT NULL, max_minutes INTEGER NOT NULL DEFAULT 0, max_people INTEGER NOT NULL DEFAULT 0, -- 0 = no limit
  sort INTEGER NOT NULL DEFAULT 0, enabled INTEGER NOT NULL DEFAULT 1, UNIQUE (company_id, code)
);

-- 话后设置: one row without a department for the company (it stands in for company.wrap_s, which is read no more).
CREATE TABLE wrap_setting (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, department_id INTEGER,
  seconds INTEGER NOT NULL, more_s INTEGER NOT NULL DEFAULT 30,
  must_save INTEGER NOT NULL DEFAULT 0, after_failed INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX wrap_setting_of ON wrap_setting (company_id, coalesce(department_id, 0));
CREATE TRIGGER wrap_setting_gone AFTER DELETE ON department BEGIN
  DELETE FROM wrap_setting WHERE department_id = OLD.id AND company_id = OLD.company_id;
END;

-- What every company starts with (the trigger below); companies that are there already get the same.
CREATE VIEW first_busy_reason (code, colour, sort) AS
  VALUES ('break', '#3b82f6', 1), ('meal', '#f59e0b', 2), ('training', '#8b5cf6', 3), ('meeting', '#10b981', 4), ('dialling_out', '#64748b', 5);
-- 弹屏设置: one row for each kind of calls.
CREATE TABLE pop_setting (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, kind TEXT NOT NULL, -- outbound, inbound, preview
  moment TEXT NOT NULL DEFAULT 'at_ring', url TEXT NOT NULL DEFAULT '', UNIQUE (company_id, kind)
);
CREATE VIEW first_pop (kind) AS VALUES ('outbound'), ('inbound'), ('preview');
-- Numbers that a seat may not see leave as tokens made with this key.
INSERT INTO meta (key, value) VALUES ('pop_key', lower(hex(randomblob(32))));

CREATE TRIGGER company_work_settings AFTER INSERT ON company BEGIN
  INSERT INTO pop_setting (company_id, kind) SELECT NEW.id, kind FROM first_pop;
  INSERT INTO busy_reason (company_id, code, colour, sort) SELECT NEW.id, code, colour, sort FROM first_busy_reason;
  INSERT INTO wrap_setting (company_id, seconds) VALUES (NEW.id, NEW.wrap_s);
END;
INSERT INTO busy_reason (company_id, code, colour, sort)
  SELECT c.id, f.code, f.colour, f.sort FROM company c, first_busy_reason f ORDER BY c.id, f.sort;
INSERT INTO wrap_setting (company_id, seconds) SELECT id, wrap_s FROM company;
INSERT INTO pop_setting (company_id, kind) SELECT c.id, f.kind FROM company c, first_pop f;

-- 黑名单库: "154*" stands for every number that begins so; expires NULL = for good.
ALTER TABLE blocklist ADD COLUMN prefix INTEGER NOT NULL DEFAULT 0;
ALTER TABLE blocklist ADD COLUMN expires INTEGER;
CREATE INDEX blocklist_prefix ON blocklist (company_id) WHERE prefix = 1;

-- 呼叫轮询. Numbers: JSON array, each owned by a trunk of the company.
CREATE TABLE number_group (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, name TEXT NOT NULL, numbers TEXT NOT NULL DEFAULT '[]',
  UNIQUE (company_id, name)
);
-- Exactly one of the three says what it is about.
CREATE TABLE caller_rotation (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, trunk_id INTEGER, group_id INTEGER, campaign_id INTEGER,
  policy TEXT NOT NULL, per_hour INTEGER NOT NULL DEFAULT 0, per_day INTEGER NOT NULL DEFAULT 0, -- 0 = no limit
  UNIQUE (trunk_id), UNIQUE (group_id), UNIQUE (campaign_id),
  CHECK ((trunk_id IS NOT NULL) + (group_id IS NOT NULL) + (campaign_id IS NOT NULL) = 1)
);
ALTER TABLE campaign ADD COLUMN number_group INTEGER;

-- 系统语音: what is heard is prompt.alaw, the newest version, whose row here has none of its own; version 0 = nothing uploaded yet.
-- The first comes with the prompt itself.
ALTER TABLE prompt ADD COLUMN purpose TEXT NOT NULL DEFAULT 'greeting';
ALTER TABLE prompt ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
CREATE TABLE prompt_version (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, prompt_id INTEGER NOT NULL, version INTEGER NOT NULL,
  file_name TEXT NOT NULL DEFAULT '', millis INTEGER NOT NULL, seat_id INTEGER, created INTEGER NOT NULL,
  alaw BLOB, UNIQUE (prompt_id, version)
);
INSERT INTO prompt_version (company_id, prompt_id, version, millis, created)
  SELECT company_id, id, 1, length(alaw) / 8, created FROM prompt WHERE length(alaw) > 0;
UPDATE prompt SET version = 1 WHERE length(alaw) > 0;
UPDATE prompt SET purpose = 'abandon' WHERE EXISTS (SELECT 1 FROM company c WHERE c.abandon_prompt = prompt.id);
CREATE TRIGGER prompt_first AFTER INSERT ON prompt WHEN length(NEW.alaw) > 0 BEGIN
  INSERT INTO prompt_version (company_id, prompt_id, version, millis, created)
    VALUES (NEW.company_id, NEW.id, 1, length(NEW.alaw) / 8, NEW.created);
  UPDATE prompt SET version = 1 WHERE id = NEW.id;
END;
-- One prompt of a company is its abandon notice; the one before it becomes a greeting.
CREATE TRIGGER prompt_abandon AFTER UPDATE OF abandon_prompt ON company WHEN NEW.abandon_prompt IS NOT NULL BEGIN
  UPDATE prompt SET purpose = 'greeting' WHERE company_id = NEW.id AND purpose = 'abandon' AND id <> NEW.abandon_prompt;
  UPDATE prompt SET purpose = 'abandon' WHERE company_id = NEW.id AND id = NEW.abandon_prompt AND purpose <> 'abandon';
END;
