-- Schema 3. The organisation room: roles, seats, their numbers, notices, messages, access.

-- What each built-in role of an existing company gains.
UPDATE role SET permissions = json_insert(permissions, '$[#]', 'seats.message')
  WHERE built_in AND code IN ('manager', 'supervisor') AND permissions NOT LIKE '%"seats.message"%';

-- The numbers the trunks own, in step with trunk.callers by the triggers below: a seat can never keep one its trunk lost.
CREATE TABLE number (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, trunk_id INTEGER NOT NULL, number TEXT NOT NULL,
  seat_id INTEGER, since INTEGER,       -- whose quick dial shows it, and since when
  UNIQUE (trunk_id, number)
);
CREATE INDEX number_company ON number (company_id);
CREATE INDEX number_seat ON number (seat_id) WHERE seat_id IS NOT NULL;
INSERT OR IGNORE INTO number (company_id, trunk_id, number)
  SELECT t.company_id, t.id, e.value FROM trunk t, json_each(t.callers) e;
CREATE TRIGGER trunk_numbers AFTER INSERT ON trunk BEGIN
  INSERT OR IGNORE INTO number (company_id, trunk_id, number) SELECT NEW.company_id, NEW.id, value FROM json_each(NEW.callers);
END;
CREATE TRIGGER trunk_numbers_changed AFTER UPDATE OF callers ON trunk BEGIN
  DELETE FROM number WHERE trunk_id = NEW.id AND number NOT IN (SELECT value FROM json_each(NEW.callers));
  INSERT OR IGNORE INTO number (company_id, trunk_id, number) SELECT NEW.company_id, NEW.id, value FROM json_each(NEW.callers);
END;
CREATE TRIGGER trunk_numbers_gone AFTER DELETE ON trunk BEGIN
  DELETE FROM number WHERE trunk_id = OLD.id;
END;
-- 分配号码, 转移号码: who had which number when. Seats, NULL = nobody.
CREATE TABLE number_move (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, trunk_id INTEGER NOT NULL, number TEXT NOT NULL,
  from_id INTEGER, to_id INTEGER, by_id INTEGER NOT NULL, at INTEGER NOT NULL
);
CREATE INDEX number_move_company ON number_move (company_id, at);

-- X号 (D12): middle numbers of the carrier. Pairs are the settings room's.
CREATE TABLE x_number (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, number TEXT NOT NULL,
  seat_id INTEGER,                      -- whose own phone stands behind it
  created INTEGER NOT NULL DEFAULT 0, UNIQUE (company_id, number)
);
CREATE INDEX x_number_seat ON x_number (seat_id) WHERE seat_id IS NOT NULL;

-- 部门管理: order among those of one parent.
ALTER TABLE department ADD COLUMN place INTEGER NOT NULL DEFAULT 0;

-- 公告管理
CREATE TABLE notice (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
  audience TEXT NOT NULL DEFAULT 'everyone', -- everyone, departments (with those below them)
  starts INTEGER, ends INTEGER,         -- NULL = at once, never
  urgent INTEGER NOT NULL DEFAULT 0,
  author_id INTEGER NOT NULL, created INTEGER NOT NULL, deleted INTEGER
);
CREATE INDEX notice_company ON notice (company_id, created);
CREATE TABLE notice_department (
  notice_id INTEGER NOT NULL, department_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
  PRIMARY KEY (notice_id, department_id)
) WITHOUT ROWID;
CREATE TABLE notice_read (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, notice_id INTEGER NOT NULL, seat_id INTEGER NOT NULL, at INTEGER NOT NULL,
  UNIQUE (notice_id, seat_id)
);
CREATE INDEX notice_read_company ON notice_read (company_id, at);

-- A supervisor's lines to agents, without the numbers that may have been in them.
CREATE TABLE message (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, at INTEGER NOT NULL, from_id INTEGER NOT NULL, to_id INTEGER NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX message_company ON message (company_id, at);

-- A disabled company's people cannot log in; its records stay.
ALTER TABLE company ADD COLUMN disabled INTEGER;
