-- Schema 14. 预约回访: a customer is called again at a moment, by an owner.
CREATE TABLE callback (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, customer_id INTEGER NOT NULL,
  seat_id INTEGER NOT NULL,             -- whose promise it is
  due INTEGER NOT NULL, note TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'callback_waiting', -- callback_waiting, callback_done, callback_dropped
  creator_id INTEGER NOT NULL, created INTEGER NOT NULL, closed INTEGER,
  -- What waits, the soonest first, then what is closed, the latest first.
  rank INTEGER GENERATED ALWAYS AS (iif(state = 'callback_waiting', -due, due - 8000000000000)) STORED
);
CREATE INDEX callback_rank ON callback (company_id, rank, id);
CREATE INDEX callback_due ON callback (due) WHERE state = 'callback_waiting';
CREATE INDEX callback_customer ON callback (customer_id) WHERE state = 'callback_waiting';

-- What built-in roles may do besides, where nobody has ever edited the role (F84).
UPDATE role SET permissions = (SELECT json_group_array(word) FROM (SELECT value AS word FROM json_each(role.permissions)
    UNION SELECT column1 FROM (VALUES ('customers.dial'), ('callbacks.view'), ('callbacks.dial'), ('callbacks.done'), ('callbacks.edit'),
      ('callbacks.drop'))))
  WHERE built_in = 1 AND code = 'agent'
    AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.company_id = role.company_id AND a.action = 'edit' AND a.object = 'roles:' || role.id);
UPDATE role SET permissions = (SELECT json_group_array(word) FROM (SELECT value AS word FROM json_each(role.permissions)
    UNION SELECT column1 FROM (VALUES ('callbacks.view'), ('callbacks.export'), ('callbacks.done'), ('callbacks.edit'), ('callbacks.drop'))))
  WHERE built_in = 1 AND code IN ('manager', 'supervisor')
    AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.company_id = role.company_id AND a.action = 'edit' AND a.object = 'roles:' || role.id);
