-- Schema 10. The rules of a task: hours by weekday, 自动重呼, refusals of further calls, and why a number is where it is.

ALTER TABLE campaign ADD COLUMN weekdays TEXT NOT NULL DEFAULT '1,2,3,4,5,6,7'; -- of 运行时间; 1 = Monday
ALTER TABLE campaign ADD COLUMN spans TEXT NOT NULL DEFAULT '';       -- further spans, one rule a line: "6,7 10:00~16:00"
ALTER TABLE campaign ADD COLUMN holidays TEXT NOT NULL DEFAULT 'holidays_dial'; -- or holidays_skip
ALTER TABLE campaign ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1;  -- of a number in one round
ALTER TABLE campaign ADD COLUMN wait_busy INTEGER NOT NULL DEFAULT 5; -- minutes until the next try, 0 = none by itself
ALTER TABLE campaign ADD COLUMN wait_no_answer INTEGER NOT NULL DEFAULT 120;
ALTER TABLE campaign ADD COLUMN wait_unreachable INTEGER NOT NULL DEFAULT 120;
ALTER TABLE campaign ADD COLUMN wait_line INTEGER NOT NULL DEFAULT 1;
ALTER TABLE campaign ADD COLUMN gap INTEGER NOT NULL DEFAULT 0;       -- least minutes between two tries
ALTER TABLE campaign ADD COLUMN redial_also TEXT NOT NULL DEFAULT ''; -- rejected, vacant, suspended (D14)
ALTER TABLE campaign ADD COLUMN best_hour INTEGER NOT NULL DEFAULT 0;

ALTER TABLE open_call ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;    -- attempts of the number in this round before it
ALTER TABLE lead ADD COLUMN bands INTEGER NOT NULL DEFAULT 0;         -- parts of the day it was tried in this round, a bit each
ALTER TABLE lead ADD COLUMN why TEXT;                                 -- rule, what it saw, and when: call.why.*
ALTER TABLE lead ADD COLUMN why_value TEXT;
ALTER TABLE lead ADD COLUMN why_at INTEGER;

-- The callee's key 9 is a refusal.
ALTER TABLE company_rule ADD COLUMN opt_out_key INTEGER NOT NULL DEFAULT 1;
-- Each refusal with its time; the blocklist holds what follows from it.
CREATE TABLE opt_out (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, at INTEGER NOT NULL, phone TEXT NOT NULL,
  how TEXT NOT NULL,                    -- key, agent, disposition
  call_id INTEGER NOT NULL, seat_id INTEGER
);
CREATE INDEX opt_out_company ON opt_out (company_id, at);
CREATE INDEX opt_out_phone ON opt_out (company_id, phone);

-- What built-in roles of existing companies gain.
UPDATE role SET permissions = json_insert(permissions, '$[#]', 'task_numbers.view')
  WHERE built_in AND code IN ('manager', 'supervisor', 'agent') AND permissions NOT LIKE '%"task_numbers.view"%';
UPDATE role SET permissions = json_insert(permissions, '$[#]', 'task_numbers.export')
  WHERE built_in AND code = 'manager' AND permissions NOT LIKE '%"task_numbers.export"%';
UPDATE role SET permissions = json_insert(permissions, '$[#]', 'opt_outs.view')
  WHERE built_in AND code = 'supervisor' AND permissions NOT LIKE '%"opt_outs.view"%';
UPDATE role SET permissions = json_insert(permissions, '$[#]', 'campaign_defaults.view')
  WHERE built_in AND code = 'supervisor' AND permissions NOT LIKE '%"campaign_defaults.view"%';
UPDATE role SET permissions = json_insert(permissions, '$[#]', 'campaign_defaults.edit')
  WHERE built_in AND code = 'supervisor' AND permissions NOT LIKE '%"campaign_defaults.edit"%';
