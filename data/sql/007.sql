-- Schema 7. 号码隐藏: whole numbers that a seat looked up on its company's day (F87). Counts only, never the numbers.
CREATE TABLE number_lookup (
  seat_id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, day TEXT NOT NULL, count INTEGER NOT NULL
);

-- What built-in roles may do besides, where nobody has ever edited the role (F84, F115).
UPDATE role SET permissions = (SELECT json_group_array(word) FROM (SELECT value AS word FROM json_each(role.permissions)
    UNION SELECT column1 FROM (VALUES ('scripts.add'), ('scripts.edit'), ('scripts.delete'), ('attempts.export'),
      ('calls.export'), ('customers.owners'), ('owner_changes.view'))))
  WHERE built_in = 1 AND code = 'supervisor'
    AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.company_id = role.company_id AND a.action = 'edit' AND a.object = 'roles:' || role.id);
UPDATE role SET permissions = (SELECT json_group_array(word) FROM (SELECT value AS word FROM json_each(role.permissions)
    UNION SELECT column1 FROM (VALUES ('customers.owners'), ('owner_changes.view'), ('owner_changes.export'), ('seats.numbers'))))
  WHERE built_in = 1 AND code = 'manager'
    AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.company_id = role.company_id AND a.action = 'edit' AND a.object = 'roles:' || role.id);
