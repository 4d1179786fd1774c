-- Schema 13. 预览式外呼 (F53–F66): tasks whose numbers are dialled by their agents, and whose each number is.
ALTER TABLE campaign ADD COLUMN share TEXT NOT NULL DEFAULT 'share_evenly'; -- share_evenly: dealt at save; share_pull: taken one by one
CREATE TABLE campaign_seat (
  campaign_id INTEGER NOT NULL, seat_id INTEGER NOT NULL, company_id INTEGER NOT NULL, PRIMARY KEY (campaign_id, seat_id)
) WITHOUT ROWID;
CREATE INDEX campaign_seat_seat ON campaign_seat (seat_id);
ALTER TABLE lead ADD COLUMN seat_id INTEGER; -- whose number it is; NULL = nobody's (yet)
CREATE INDEX lead_seat ON lead (seat_id, id) WHERE seat_id IS NOT NULL;

-- What built-in roles may do besides, where nobody has ever edited the role (F84, F115).
UPDATE role SET permissions = (SELECT json_group_array(word) FROM (SELECT value AS word FROM json_each(role.permissions)
    UNION SELECT column1 FROM (VALUES ('preview_tasks.view'), ('preview_tasks.add'), ('preview_tasks.edit'), ('preview_tasks.delete'),
      ('preview_tasks.export'), ('preview_tasks.start'), ('preview_tasks.pause'), ('preview_tasks.append'), ('preview_tasks.redial'),
      ('my_tasks.view'), ('customers.preview'), ('campaigns.dry_run'))))
  WHERE built_in = 1 AND code IN ('manager', 'supervisor')
    AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.company_id = role.company_id AND a.action = 'edit' AND a.object = 'roles:' || role.id);
UPDATE role SET permissions = (SELECT json_group_array(word) FROM (SELECT value AS word FROM json_each(role.permissions)
    UNION SELECT column1 FROM (VALUES ('preview_tasks.view'), ('preview_tasks.add'), ('preview_tasks.edit'), ('preview_tasks.start'),
      ('preview_tasks.pause'), ('preview_tasks.append'), ('my_tasks.view'), ('my_tasks.dial'), ('my_tasks.next'), ('my_tasks.redial'),
      ('my_tasks.paste'), ('customers.preview'))))
  WHERE built_in = 1 AND code = 'agent'
    AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.company_id = role.company_id AND a.action = 'edit' AND a.object = 'roles:' || role.id);
