-- Schema 15. 呼叫统计 (F49): what the call records of a task's day come to. Kept with each call record (store/report.rs), and made
-- from the records once where they were there before; days and hours are by the company's clock. Calls that never left the box
-- are not in it.
CREATE TABLE call_day (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, campaign_id INTEGER NOT NULL,
  day TEXT NOT NULL, at INTEGER NOT NULL,      -- yyyy-mm-dd, and its midnight
  calls INTEGER NOT NULL DEFAULT 0, answered INTEGER NOT NULL DEFAULT 0, to_agent INTEGER NOT NULL DEFAULT 0,
  abandoned INTEGER NOT NULL DEFAULT 0,
  ring_ms INTEGER NOT NULL DEFAULT 0,          -- until the answer, or until it was given up
  wait_ms INTEGER NOT NULL DEFAULT 0,          -- from the answer to the agent, greeting included
  talk_s INTEGER NOT NULL DEFAULT 0, charge INTEGER NOT NULL DEFAULT 0,
  UNIQUE (campaign_id, day)
);
CREATE INDEX call_day_company ON call_day (company_id, at);
CREATE TABLE call_hour (
  day_id INTEGER NOT NULL, hour INTEGER NOT NULL, calls INTEGER NOT NULL DEFAULT 0, answered INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (day_id, hour)
) WITHOUT ROWID;
-- Calls that did not reach an agent.
CREATE TABLE call_cause (
  day_id INTEGER NOT NULL, state TEXT NOT NULL, result TEXT NOT NULL, sip INTEGER NOT NULL, -- 0 = none
  calls INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (day_id, state, result, sip)
) WITHOUT ROWID;

-- What built-in roles may do besides, where nobody has ever edited the role.
UPDATE role SET permissions = (SELECT json_group_array(word) FROM (SELECT value AS word FROM json_each(role.permissions)
    UNION SELECT column1 FROM (VALUES ('campaigns.results'), ('campaigns.report'), ('campaigns.monitor'), ('call_report.view'),
      ('call_report.detail'), ('call_report.export'))))
  WHERE built_in = 1 AND code IN ('supervisor', 'manager')
    AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.company_id = role.company_id AND a.action = 'edit' AND a.object = 'roles:' || role.id);
UPDATE role SET permissions = json_insert(permissions, '$[#]', 'campaigns.results')
  WHERE built_in = 1 AND code = 'agent' AND permissions NOT LIKE '%"campaigns.results"%'
    AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.company_id = role.company_id AND a.action = 'edit' AND a.object = 'roles:' || role.id);
