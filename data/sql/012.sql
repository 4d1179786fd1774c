-- The dialler: how a task dials ahead, what pacing learnt, and who takes which task's calls.

-- Tasks made before keep dialling one number for each free agent.
ALTER TABLE campaign ADD COLUMN pacing TEXT NOT NULL DEFAULT 'predictive'; -- progressive, power, predictive
ALTER TABLE campaign ADD COLUMN ratio_tenths INTEGER NOT NULL DEFAULT 15;
ALTER TABLE campaign ADD COLUMN cap_bp INTEGER NOT NULL DEFAULT 300; -- hundredths of a percent
ALTER TABLE campaign ADD COLUMN abandon_clock TEXT NOT NULL DEFAULT 'greeting_end';
ALTER TABLE campaign ADD COLUMN weight INTEGER NOT NULL DEFAULT 1;
ALTER TABLE campaign ADD COLUMN agent_group INTEGER;
ALTER TABLE campaign ADD COLUMN learnt TEXT NOT NULL DEFAULT '';
UPDATE campaign SET pacing = 'progressive';

-- 转坐席配置.
CREATE TABLE agent_group (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (company_id, name)
);
CREATE TABLE agent_group_seat (
  group_id INTEGER NOT NULL REFERENCES agent_group (id) ON DELETE CASCADE, seat_id INTEGER NOT NULL,
  PRIMARY KEY (group_id, seat_id)
) WITHOUT ROWID;
-- What pacing learnt of a group's talks; 0 = everybody.
CREATE TABLE crew (
  company_id INTEGER NOT NULL, group_id INTEGER NOT NULL, learnt TEXT NOT NULL, PRIMARY KEY (company_id, group_id)
) WITHOUT ROWID;
