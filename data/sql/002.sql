-- Schema 2. The customer room: fields, categories, projects, the public pool, consent, batches that can be undone.

-- 客户分类 and 归属项目. A customer keeps their names as text: what an import brings is never lost, and the trigger below sees to
-- it that every name in use can also be chosen.
CREATE TABLE category (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL DEFAULT 0,
  UNIQUE (company_id, name)
);
CREATE TABLE project (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL DEFAULT 0,
  UNIQUE (company_id, name)
);
CREATE INDEX customer_category ON customer (company_id, category) WHERE category <> '';
CREATE INDEX customer_project ON customer (company_id, project) WHERE project <> '';
INSERT INTO category (company_id, name) SELECT DISTINCT company_id, category FROM customer WHERE category <> '';
INSERT INTO project (company_id, name) SELECT DISTINCT company_id, project FROM customer WHERE project <> '';
-- Names in use, at most two thousand, each found by one step in the index.
CREATE VIEW category_used (company_id, name) AS WITH RECURSIVE d(company_id, name) AS (
    SELECT id, (SELECT min(category) FROM customer WHERE company_id = company.id AND category <> '') FROM company
    UNION ALL SELECT company_id, (SELECT min(category) FROM customer c
      WHERE c.company_id = d.company_id AND c.category <> '' AND c.category > d.name) FROM d WHERE name IS NOT NULL LIMIT 2000)
  SELECT company_id, name FROM d WHERE name IS NOT NULL;
CREATE VIEW project_used (company_id, name) AS WITH RECURSIVE d(company_id, name) AS (
    SELECT id, (SELECT min(project) FROM customer WHERE company_id = company.id AND project <> '') FROM company
    UNION ALL SELECT company_id, (SELECT min(project) FROM customer c
      WHERE c.company_id = d.company_id AND c.project <> '' AND c.project > d.name) FROM d WHERE name IS NOT NULL LIMIT 2000)
  SELECT company_id, name FROM d WHERE name IS NOT NULL;
-- An import brings all its names at once when it becomes visible, and when its numbers are copied: asked at every row it would
-- cost as much as the row.
CREATE TRIGGER batch_named AFTER UPDATE OF state, sync_from ON batch WHEN NEW.state = 'visible' AND NEW.sync_from IS NULL BEGIN
  INSERT INTO category (company_id, name) SELECT u.company_id, u.name FROM category_used u WHERE u.company_id = NEW.company_id
    AND NOT EXISTS (SELECT 1 FROM category o WHERE o.company_id = u.company_id AND o.name = u.name);
  INSERT INTO project (company_id, name) SELECT u.company_id, u.name FROM project_used u WHERE u.company_id = NEW.company_id
    AND NOT EXISTS (SELECT 1 FROM project o WHERE o.company_id = u.company_id AND o.name = u.name);
END;

-- 字段设置 (F26–F28): how a company wants its customers shown, and what it added. Values of added fields lie in customer.extra,
-- a JSON object: "f<id>" → text. Hiding or deleting a field leaves them there.
ALTER TABLE customer ADD COLUMN extra TEXT NOT NULL DEFAULT '{}';
CREATE TABLE customer_field (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL,
  system TEXT NOT NULL DEFAULT '',      -- column of the page customers; empty = added by the company
  name TEXT NOT NULL DEFAULT '',        -- empty = the catalogue's own title
  kind TEXT NOT NULL,                   -- catalogue.choice.field_*
  length INTEGER NOT NULL,              -- characters
  width INTEGER NOT NULL,               -- pixels of the widget; 150 is standard
  shown INTEGER NOT NULL DEFAULT 1, popped INTEGER NOT NULL DEFAULT 1, queried INTEGER NOT NULL DEFAULT 0,
  position INTEGER NOT NULL DEFAULT 0, heading TEXT NOT NULL DEFAULT '',
  options TEXT NOT NULL DEFAULT '[]'    -- JSON array of texts
);
CREATE UNIQUE INDEX customer_field_name ON customer_field (company_id, name) WHERE name <> '';
CREATE INDEX customer_field_company ON customer_field (company_id, position);
CREATE VIEW customer_field_default (system, kind, length, width, shown, popped, queried, position) AS VALUES
  ('mobile', 'field_text', 40, 150, 1, 1, 1, 10), ('name', 'field_text', 60, 150, 1, 1, 1, 20),
  ('landline', 'field_text', 20, 150, 1, 1, 0, 30), ('organisation', 'field_text', 60, 150, 1, 1, 1, 40),
  ('category', 'field_one', 11, 150, 1, 1, 1, 50), ('owner', 'field_one', 30, 150, 1, 0, 1, 60),
  ('project', 'field_one', 11, 150, 1, 1, 1, 70), ('address', 'field_text', 90, 150, 1, 1, 0, 80),
  ('recording_id', 'field_text', 30, 150, 0, 0, 0, 90), ('recording_file', 'field_text', 90, 150, 0, 0, 0, 100),
  ('created', 'field_datetime', 0, 150, 1, 0, 1, 110), ('updated', 'field_datetime', 0, 150, 1, 0, 0, 120);
INSERT INTO customer_field (company_id, system, kind, length, width, shown, popped, queried, position)
  SELECT c.id, d.* FROM company c, customer_field_default d ORDER BY c.id, d.position;
CREATE TRIGGER company_fields AFTER INSERT ON company BEGIN
  INSERT INTO customer_field (company_id, system, kind, length, width, shown, popped, queried, position)
    SELECT NEW.id, d.* FROM customer_field_default d ORDER BY d.position;
END;

-- Whose a customer was, and how that changed: who, when, why (F18, F22). A batch is one 分配, which can be undone.
CREATE TABLE assign_batch (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, seat_id INTEGER NOT NULL, mode TEXT NOT NULL,
  created INTEGER NOT NULL, undone INTEGER
);
CREATE TABLE owner_change (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, customer_id INTEGER NOT NULL, batch_id INTEGER,
  kind TEXT NOT NULL,                   -- assign, undo, release, claim, recycle
  from_id INTEGER, to_id INTEGER,       -- seats; NULL = 公共池
  by_id INTEGER,                        -- seat; NULL = the recycle rule
  at INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX owner_change_customer ON owner_change (customer_id, at);
CREATE INDEX owner_change_batch ON owner_change (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX owner_change_claims ON owner_change (by_id, at) WHERE kind = 'claim';

-- 公共池 (F22, F23): 0 = no cap, never.
CREATE TABLE pool_setting (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL UNIQUE,
  claims_per_day INTEGER NOT NULL DEFAULT 50, recycle_days INTEGER NOT NULL DEFAULT 0,
  updated INTEGER, by_id INTEGER
);
INSERT INTO pool_setting (company_id) SELECT id FROM company;
-- The lock "preview only" (D22).
CREATE TABLE company_rule (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL UNIQUE,
  preview_only INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '', updated INTEGER, by_id INTEGER
);
INSERT INTO company_rule (company_id) SELECT id FROM company;
CREATE TRIGGER company_settings AFTER INSERT ON company BEGIN
  INSERT INTO pool_setting (company_id) VALUES (NEW.id);
  INSERT INTO company_rule (company_id) VALUES (NEW.id);
END;

-- 项目界面 (F24): what 业务记录 asks for customers, or tasks, of a project. Answers lie in activity.extra, a JSON object: the
-- field's name at that time → text, so that a record reads the same for ever.
ALTER TABLE activity ADD COLUMN extra TEXT NOT NULL DEFAULT '{}';
ALTER TABLE campaign ADD COLUMN project TEXT NOT NULL DEFAULT '';
CREATE TABLE project_field (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, project TEXT NOT NULL, name TEXT NOT NULL,
  kind TEXT NOT NULL, options TEXT NOT NULL DEFAULT '[]', required INTEGER NOT NULL DEFAULT 0,
  position INTEGER NOT NULL DEFAULT 0, UNIQUE (company_id, project, name)
);

-- Consent of a customer and what proves it (D22).
ALTER TABLE customer ADD COLUMN consent TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN consent_source TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN consent_on TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN consent_text TEXT NOT NULL DEFAULT '';

-- The new words of the built-in roles (F84).
UPDATE role SET permissions = (SELECT json_group_array(value) FROM (SELECT value FROM json_each(role.permissions)
    UNION SELECT value FROM json_each('["customers.assign","customers.release","public_pool.view","public_pool.claim"]')))
  WHERE built_in = 1 AND code = 'manager';
UPDATE role SET permissions = (SELECT json_group_array(value) FROM (SELECT value FROM json_each(role.permissions)
    UNION SELECT value FROM json_each('["customers.assign","public_pool.view","public_pool.claim"]')))
  WHERE built_in = 1 AND code = 'supervisor';
UPDATE role SET permissions = (SELECT json_group_array(value) FROM (SELECT value FROM json_each(role.permissions)
    UNION SELECT value FROM json_each('["customers.release","public_pool.view","public_pool.claim"]')))
  WHERE built_in = 1 AND code = 'agent';
