-- Schema 2. The customer room: fields, categories, projects, the public pool, consent, batches that can be undone.

-- Files and lists ---------------------------------------------------------------------------------------------------

-- Lists of a million customers: each index holds all that finding and counting looks at, so that only the page's own rows
-- are read. `id` stands behind the moment because it orders rows of one millisecond.
DROP INDEX customer_owner;
CREATE INDEX customer_owner ON customer (company_id, owner_id, created, id, batch_id) WHERE deleted IS NULL;
CREATE INDEX customer_created ON customer (company_id, created, id, batch_id) WHERE deleted IS NULL;
CREATE INDEX customer_category_created ON customer (company_id, category, created, id, batch_id) WHERE deleted IS NULL;
CREATE INDEX customer_landline ON customer (company_id, landline) WHERE landline <> '';
-- What a full office looks like, for the planner: without it a company's id seems to find ten rows, not a million.
-- A further whole index of this table needs its row here, too, or it is taken for the best of all.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('customer', 'customer_mobile', '1000000 500000 1'), ('customer', 'customer_owner', '1000000 500000 5000 4 1 1'),
  ('customer', 'customer_created', '1000000 500000 4 1 1'), ('customer', 'customer_category_created', '1000000 500000 50000 4 1 1'),
  ('customer', 'customer_landline', '200000 100000 1'), ('customer', 'customer_batch', '1000000 100000');
ANALYZE sqlite_schema;

-- The columns of a file as a person last assigned them, by the shape of the file (its header, or its width).
CREATE TABLE import_shape (
  company_id INTEGER NOT NULL, page TEXT NOT NULL, shape TEXT NOT NULL,
  fields TEXT NOT NULL,                 -- JSON array of field ids in column order
  used INTEGER NOT NULL, PRIMARY KEY (company_id, page, shape)
) WITHOUT ROWID;

-- What an import replaced in customers that were there, for undoing it.
CREATE TABLE import_before (
  batch_id INTEGER NOT NULL, customer_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
  row TEXT NOT NULL,                    -- JSON: column → value before
  at INTEGER NOT NULL,                  -- customer.updated as the import left it
  PRIMARY KEY (batch_id, customer_id)
) WITHOUT ROWID;
ALTER TABLE batch ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
-- An undone import whose rows are still being taken away behind it.
ALTER TABLE batch ADD COLUMN clearing INTEGER NOT NULL DEFAULT 0;
CREATE INDEX batch_company ON batch (company_id, created);
-- 批量导入记录 for the built-in roles that import.
UPDATE role SET permissions = (SELECT json_group_array(word) FROM (SELECT value AS word FROM json_each(role.permissions)
    UNION SELECT column1 FROM (VALUES ('imports.view'), ('imports.export'), ('imports.undo'), ('imports.rejects'))))
  WHERE built_in = 1 AND code IN ('manager', 'supervisor');
