-- Schema 11. 高级配置: what a new task starts with and what a company allows itself; areas and days of its own.

-- The caps of one callee stay in company.cap_minute, cap_hour, cap_day.
CREATE TABLE campaign_default (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL UNIQUE,
  run TEXT NOT NULL DEFAULT '09:00~20:00', rest TEXT NOT NULL DEFAULT '12:00~14:00',
  weekdays TEXT NOT NULL DEFAULT '1,2,3,4,5,6,7', holidays TEXT NOT NULL DEFAULT 'holidays_dial',
  ring_s INTEGER NOT NULL DEFAULT 30, channels INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 1, wait_busy INTEGER NOT NULL DEFAULT 5, wait_no_answer INTEGER NOT NULL DEFAULT 120,
  wait_unreachable INTEGER NOT NULL DEFAULT 120, wait_line INTEGER NOT NULL DEFAULT 1, gap INTEGER NOT NULL DEFAULT 0,
  redial_also TEXT NOT NULL DEFAULT '', best_hour INTEGER NOT NULL DEFAULT 0,
  spend_day INTEGER NOT NULL DEFAULT 0, spend_seat_day INTEGER NOT NULL DEFAULT 0, -- micro-yuan, 0 = no limit
  updated INTEGER, by_id INTEGER
);
INSERT INTO campaign_default (company_id) SELECT id FROM company;
CREATE TRIGGER company_campaign_default AFTER INSERT ON company BEGIN
  INSERT INTO campaign_default (company_id) VALUES (NEW.id);
END;

-- Areas whose clock is not the company's, by the beginnings of their numbers.
CREATE TABLE call_area (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, name TEXT NOT NULL, prefixes TEXT NOT NULL,
  later_min INTEGER NOT NULL, UNIQUE (company_id, name)
);

-- A company's own holidays and working days; they win over the published ones.
CREATE TABLE calendar_day (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, date TEXT NOT NULL, -- yyyy-mm-dd
  kind TEXT NOT NULL,                   -- holiday, workday, plain
  name TEXT NOT NULL DEFAULT '', UNIQUE (company_id, date)
);
