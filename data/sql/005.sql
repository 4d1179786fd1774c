-- Schema 5. 系统设置: records for what is not taken yet (inbound calls, surveys, queues), and X numbers by hand.

-- 转移设置: exactly one of the three says where to.
CREATE TABLE forward_setting (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, seat_id INTEGER NOT NULL,
  moment TEXT NOT NULL,                 -- forward_always, forward_busy, forward_no_answer, forward_offline
  seconds INTEGER NOT NULL,             -- of ringing, for forward_no_answer
  to_seat_id INTEGER, to_department_id INTEGER, to_mobile TEXT,
  enabled INTEGER NOT NULL DEFAULT 1, UNIQUE (company_id, seat_id, moment),
  CHECK ((to_seat_id IS NOT NULL) + (to_department_id IS NOT NULL) + (to_mobile IS NOT NULL) = 1)
);
CREATE INDEX forward_setting_to ON forward_setting (to_seat_id) WHERE to_seat_id IS NOT NULL;
CREATE TRIGGER forward_setting_seat_gone AFTER UPDATE OF deleted ON seat WHEN NEW.deleted IS NOT NULL BEGIN
  DELETE FROM forward_setting WHERE company_id = OLD.company_id AND (seat_id = OLD.id OR to_seat_id = OLD.id);
END;

-- 评价设置: a row without a department is for all that have none of their own.
CREATE TABLE survey_setting (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, direction TEXT NOT NULL, -- survey_outbound, survey_inbound
  department_id INTEGER, enabled INTEGER NOT NULL DEFAULT 0, prompt_id INTEGER,
  keys TEXT NOT NULL,                   -- lines "1 满意"
  tries INTEGER NOT NULL, timeout_s INTEGER NOT NULL, min_talk_s INTEGER NOT NULL,
  how TEXT NOT NULL                     -- survey_automatic, survey_by_button
);
CREATE UNIQUE INDEX survey_setting_of ON survey_setting (company_id, direction, coalesce(department_id, 0));

-- 等待语音
CREATE TABLE hold_music (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, department_id INTEGER, prompt_id INTEGER NOT NULL,
  announce INTEGER NOT NULL DEFAULT 0   -- the caller's position
);
CREATE UNIQUE INDEX hold_music_of ON hold_music (company_id, coalesce(department_id, 0));

CREATE TRIGGER settings_department_gone AFTER DELETE ON department BEGIN
  DELETE FROM forward_setting WHERE to_department_id = OLD.id AND company_id = OLD.company_id;
  DELETE FROM survey_setting WHERE department_id = OLD.id AND company_id = OLD.company_id;
  DELETE FROM hold_music WHERE department_id = OLD.id AND company_id = OLD.company_id;
END;
-- A later prompt may get the id of one that went.
CREATE TRIGGER settings_prompt_gone AFTER DELETE ON prompt BEGIN
  UPDATE survey_setting SET prompt_id = NULL, enabled = 0 WHERE prompt_id = OLD.id;
  DELETE FROM hold_music WHERE prompt_id = OLD.id;
END;

ALTER TABLE x_number ADD COLUMN note TEXT NOT NULL DEFAULT '';
