-- Schema 1. Times are epoch milliseconds UTC; money is integer micro-yuan; every table carries company_id.
-- Words (state, result, kind, status …) are the stable words of hutong-api.

CREATE TABLE company (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,            -- 公司账号
  name TEXT NOT NULL,
  zone TEXT NOT NULL DEFAULT 'Asia/Shanghai',
  unlimited INTEGER NOT NULL DEFAULT 0,
  hard_stop_lifted INTEGER NOT NULL DEFAULT 0,
  seat_fee_month INTEGER NOT NULL DEFAULT 0,
  wrap_s INTEGER NOT NULL DEFAULT 15,
  cap_minute INTEGER NOT NULL DEFAULT 1,
  cap_hour INTEGER NOT NULL DEFAULT 5,
  cap_day INTEGER NOT NULL DEFAULT 5,
  abandon_prompt INTEGER,
  demo INTEGER NOT NULL DEFAULT 0,
  balance INTEGER NOT NULL DEFAULT 0,   -- = sum of its ledger postings; kept in the same transaction
  owed INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL
);

CREATE TABLE department (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, parent_id INTEGER,
  name TEXT NOT NULL, description TEXT NOT NULL DEFAULT '', UNIQUE (company_id, name)
);

CREATE TABLE role (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL,
  code TEXT NOT NULL,                   -- admin, manager, supervisor, agent; or a company's own
  name TEXT NOT NULL,                   -- empty for built-ins: text catalogue.role.<code>
  description TEXT NOT NULL DEFAULT '',
  built_in INTEGER NOT NULL DEFAULT 0,
  scope TEXT NOT NULL,                  -- all, department, team, own
  permissions TEXT NOT NULL,            -- JSON array of words; ["*"] = all
  UNIQUE (company_id, code)
);

CREATE TABLE seat (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL,
  extension TEXT NOT NULL,              -- 坐席号
  account TEXT NOT NULL,                -- 用户名, for the login
  password_hash TEXT NOT NULL,          -- argon2id
  phone_password TEXT NOT NULL DEFAULT '', -- 小电话 password, apart from the web's (F83)
  name TEXT NOT NULL,
  role_id INTEGER NOT NULL, department_id INTEGER,
  level TEXT NOT NULL DEFAULT 'normal', -- 用户等级
  mobile TEXT NOT NULL DEFAULT '', landline TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
  enabled INTEGER NOT NULL DEFAULT 1,
  auto_answer INTEGER NOT NULL DEFAULT 1,
  pop_busy INTEGER NOT NULL DEFAULT 0,  -- 弹屏示忙
  hide_numbers INTEGER NOT NULL DEFAULT 0, -- 号码隐藏
  trunk_id INTEGER,
  last_login INTEGER, previous_login INTEGER,
  deleted INTEGER,
  UNIQUE (company_id, extension), UNIQUE (company_id, account)
);

CREATE TABLE session (
  token_hash BLOB PRIMARY KEY,          -- SHA-256 of the 256-bit token
  company_id INTEGER NOT NULL, seat_id INTEGER NOT NULL, lang TEXT NOT NULL,
  created INTEGER NOT NULL, used INTEGER NOT NULL, client TEXT NOT NULL DEFAULT ''
);
CREATE INDEX session_seat ON session (seat_id);

CREATE TABLE trunk (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, name TEXT NOT NULL,
  host TEXT NOT NULL, user TEXT NOT NULL DEFAULT '', password TEXT NOT NULL DEFAULT '', register INTEGER NOT NULL DEFAULT 0,
  enabled INTEGER NOT NULL DEFAULT 1, simulated INTEGER NOT NULL DEFAULT 0,
  channels INTEGER NOT NULL, cps INTEGER NOT NULL,
  increment_s INTEGER NOT NULL, price INTEGER NOT NULL, -- per increment (D1)
  callers TEXT NOT NULL DEFAULT '[]',   -- JSON array of numbers it owns
  UNIQUE (company_id, name)
);

CREATE TABLE prompt (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, name TEXT NOT NULL,
  alaw BLOB NOT NULL,                   -- 8 kHz mono A-law, no header
  created INTEGER NOT NULL, UNIQUE (company_id, name)
);

CREATE TABLE script (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, name TEXT NOT NULL,
  greeting INTEGER, to_agent INTEGER NOT NULL DEFAULT 1, created INTEGER NOT NULL, UNIQUE (company_id, name)
);

CREATE TABLE campaign (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, name TEXT NOT NULL,
  script_id INTEGER NOT NULL, trunk_id INTEGER NOT NULL,
  run_from INTEGER NOT NULL, run_to INTEGER NOT NULL, rest_from INTEGER NOT NULL, rest_to INTEGER NOT NULL, -- minutes of the day
  ring_s INTEGER NOT NULL DEFAULT 30, channels INTEGER NOT NULL DEFAULT 0,
  sync_customers INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT 'ready', round INTEGER NOT NULL DEFAULT 1,
  total INTEGER NOT NULL DEFAULT 0, dialled INTEGER NOT NULL DEFAULT 0, answered INTEGER NOT NULL DEFAULT 0,
  to_agent INTEGER NOT NULL DEFAULT 0, abandoned INTEGER NOT NULL DEFAULT 0,
  creator_id INTEGER NOT NULL, created INTEGER NOT NULL, deleted INTEGER
);
CREATE UNIQUE INDEX campaign_name ON campaign (company_id, name) WHERE deleted IS NULL;

-- One import. Its rows are invisible until state = 'visible'.
CREATE TABLE batch (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, page TEXT NOT NULL, campaign_id INTEGER,
  state TEXT NOT NULL,                  -- staging, visible, undone, refused
  file_name TEXT NOT NULL, encoding TEXT NOT NULL DEFAULT '', separator TEXT NOT NULL DEFAULT '',
  rows INTEGER NOT NULL DEFAULT 0, added INTEGER NOT NULL DEFAULT 0, duplicate INTEGER NOT NULL DEFAULT 0,
  bad INTEGER NOT NULL DEFAULT 0, blocked INTEGER NOT NULL DEFAULT 0,
  header TEXT NOT NULL DEFAULT '[]',    -- JSON array: the sheet's own header row, for the rejects file
  sync_from INTEGER,                    -- 同步到客户资料: leads of this id and above are still to be copied; NULL = nothing to do
  seat_id INTEGER NOT NULL, created INTEGER NOT NULL
);
CREATE INDEX batch_campaign ON batch (campaign_id, state);

CREATE TABLE reject (
  batch_id INTEGER NOT NULL, line INTEGER NOT NULL, company_id INTEGER NOT NULL,
  kind TEXT NOT NULL,                   -- duplicate, bad, blocked
  code TEXT NOT NULL, args TEXT NOT NULL DEFAULT '{}', raw TEXT NOT NULL, -- refusal code and facts; the row as it was, in the sheet's separator
  PRIMARY KEY (batch_id, line)
) WITHOUT ROWID;

CREATE TABLE lead (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, campaign_id INTEGER NOT NULL, batch_id INTEGER NOT NULL,
  phone TEXT NOT NULL, name TEXT NOT NULL DEFAULT '',
  extra TEXT NOT NULL DEFAULT '{}',     -- further columns of the sheet, JSON: header → cell
  phase TEXT NOT NULL DEFAULT 'waiting', state TEXT NOT NULL DEFAULT 'not_called', result TEXT,
  round INTEGER NOT NULL DEFAULT 1, attempts INTEGER NOT NULL DEFAULT 0, not_before INTEGER, last_call INTEGER,
  answered INTEGER NOT NULL DEFAULT 0   -- ever, in whatever round
);
CREATE INDEX lead_campaign ON lead (campaign_id);
-- A number is once in a campaign. Apart from `lead` so that an import can add its numbers sorted: in list order each would
-- dirty a page of its own, a gigabyte of log for a full-size list.
CREATE TABLE lead_phone (
  campaign_id INTEGER NOT NULL, phone TEXT NOT NULL, company_id INTEGER NOT NULL, lead_id INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, phone)
) WITHOUT ROWID;
CREATE TRIGGER lead_gone AFTER DELETE ON lead BEGIN
  DELETE FROM lead_phone WHERE campaign_id = OLD.campaign_id AND phone = OLD.phone AND lead_id = OLD.id;
END;
-- By batch, because only visible batches are dialled: a half-staged import is never even scanned.
CREATE INDEX lead_hopper ON lead (batch_id, phase, not_before);
CREATE INDEX lead_due ON lead (campaign_id, not_before) WHERE not_before IS NOT NULL;

CREATE TABLE customer (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, batch_id INTEGER,
  mobile TEXT NOT NULL, name TEXT NOT NULL DEFAULT '', landline TEXT NOT NULL DEFAULT '', organisation TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT '', owner_id INTEGER, project TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '', created INTEGER NOT NULL, updated INTEGER NOT NULL, deleted INTEGER
);
CREATE UNIQUE INDEX customer_mobile ON customer (company_id, mobile) WHERE deleted IS NULL;
CREATE INDEX customer_owner ON customer (company_id, owner_id);
CREATE INDEX customer_batch ON customer (batch_id) WHERE batch_id IS NOT NULL;
-- What lists and searches read: neither deleted nor part of an import that is not visible (yet).
CREATE VIEW customer_shown AS SELECT * FROM customer c WHERE c.deleted IS NULL
  AND (c.batch_id IS NULL OR EXISTS (SELECT 1 FROM batch b WHERE b.id = c.batch_id AND b.state = 'visible'));

-- 业务记录
CREATE TABLE activity (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, call_id INTEGER, customer_id INTEGER, seat_id INTEGER NOT NULL,
  visit_type TEXT NOT NULL DEFAULT '', disposition TEXT NOT NULL DEFAULT '', content TEXT NOT NULL DEFAULT '', created INTEGER NOT NULL
);
CREATE INDEX activity_call ON activity (call_id);
CREATE INDEX activity_customer ON activity (customer_id);
CREATE INDEX activity_company ON activity (company_id, created);

CREATE TABLE blocklist (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, phone TEXT NOT NULL,
  direction TEXT NOT NULL,              -- inbound, outbound, both
  reason TEXT NOT NULL DEFAULT '', created INTEGER NOT NULL, UNIQUE (company_id, phone)
);

-- A call that is up. Gone once its CDR is written.
CREATE TABLE open_call (
  call_id INTEGER PRIMARY KEY, leg_id INTEGER NOT NULL UNIQUE, company_id INTEGER NOT NULL, kind TEXT NOT NULL,
  campaign_id INTEGER, lead_id INTEGER, round INTEGER NOT NULL, trunk_id INTEGER NOT NULL, seat_id INTEGER,
  phone TEXT NOT NULL, name TEXT NOT NULL, caller TEXT NOT NULL,
  started INTEGER NOT NULL, answered INTEGER, bridged INTEGER, proven INTEGER,
  held INTEGER NOT NULL, increment_s INTEGER NOT NULL, price INTEGER NOT NULL,
  dialog TEXT                           -- JSON sip::DialogRecord, written by the SIP side
);

-- 通话记录
CREATE TABLE cdr (
  call_id INTEGER PRIMARY KEY, leg_id INTEGER NOT NULL, company_id INTEGER NOT NULL, kind TEXT NOT NULL,
  campaign_id INTEGER, lead_id INTEGER, round INTEGER NOT NULL, trunk_id INTEGER NOT NULL, seat_id INTEGER,
  phone TEXT NOT NULL, name TEXT NOT NULL, caller TEXT NOT NULL,
  started INTEGER NOT NULL, answered INTEGER, bridged INTEGER, ended INTEGER NOT NULL,
  state TEXT NOT NULL, result TEXT NOT NULL, ended_by TEXT NOT NULL, sip INTEGER, q850 INTEGER, fault TEXT,
  billable_s INTEGER NOT NULL, talk_s INTEGER NOT NULL, increment_s INTEGER NOT NULL, price INTEGER NOT NULL, charge INTEGER NOT NULL,
  recorded INTEGER NOT NULL
);
CREATE INDEX cdr_company ON cdr (company_id, started);
CREATE INDEX cdr_campaign ON cdr (campaign_id, started);
CREATE INDEX cdr_phone ON cdr (company_id, phone);
CREATE INDEX cdr_seat ON cdr (seat_id, started);

-- The recorder's verdict: one row for each answered call (invariant 6).
CREATE TABLE recording (
  call_id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL,
  verdict TEXT NOT NULL,                -- recording, saved, salvaged (after a crash), lost
  path TEXT NOT NULL,                   -- below the data directory: rec/YYYY/MM/DD/<call>.wav
  bytes INTEGER NOT NULL DEFAULT 0, millis INTEGER NOT NULL DEFAULT 0, gaps TEXT NOT NULL DEFAULT '[]', peaks BLOB
);

-- Append-only; ids count up from 1 without a hole. Each row moves `amount` (≥ 0) from the account `debit` to the account
-- `credit`; hash = SHA-256(previous hash, row), one chain for the whole file.
-- Accounts: balance (what the company may spend), cash, call_revenue, fee_revenue, fee_owed, adjustment.
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
  debit TEXT NOT NULL, credit TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount >= 0),
  key TEXT NOT NULL, call_id INTEGER, seat_id INTEGER, by TEXT NOT NULL, note TEXT NOT NULL,
  balance_after INTEGER NOT NULL, hash BLOB NOT NULL, UNIQUE (company_id, key)
);
CREATE INDEX ledger_company ON ledger (company_id, at);

CREATE TABLE seat_span (
  seat_id INTEGER NOT NULL, started INTEGER NOT NULL, company_id INTEGER NOT NULL,
  state TEXT NOT NULL, reason TEXT, ended INTEGER, PRIMARY KEY (seat_id, started)
) WITHOUT ROWID;
CREATE INDEX seat_span_company ON seat_span (company_id, started);
CREATE INDEX seat_span_open ON seat_span (seat_id) WHERE ended IS NULL;

CREATE TABLE event (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, at INTEGER NOT NULL, alarm INTEGER NOT NULL,
  text_key TEXT NOT NULL, args TEXT NOT NULL
);
CREATE INDEX event_company ON event (company_id, at);

-- Who saw, played, exported or changed what, from where.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, at INTEGER NOT NULL, seat_id INTEGER, os_user TEXT NOT NULL DEFAULT '',
  client TEXT NOT NULL DEFAULT '', action TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_company ON audit (company_id, at);

-- Single values: alive (last proven moment), seed, ca fingerprint …
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
