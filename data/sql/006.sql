-- Schema 6. X numbers bound at the carrier (D12, F89), histories, and what built-in roles gained.

-- One pair: who calls X from B reaches A, who calls X from A reaches B. A and B as they were bound.
CREATE TABLE x_pair (
  id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL,
  x TEXT NOT NULL, seat_id INTEGER NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, customer_id INTEGER,
  state TEXT NOT NULL,                  -- pair_asked, pair_bound, pair_failed, pair_releasing, pair_unbound, pair_ended
  request_id TEXT NOT NULL UNIQUE,      -- the same however often the carrier is asked
  carrier_id TEXT NOT NULL DEFAULT '',  -- the carrier's own name of the pair, once it said one
  asked INTEGER NOT NULL, bound_at INTEGER, expires_at INTEGER NOT NULL, unbound_at INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,     -- without an answer
  next_at INTEGER NOT NULL,             -- when it is looked at again, while it lives
  said TEXT NOT NULL DEFAULT '',        -- the carrier's words of refusal
  by_id INTEGER NOT NULL
);
CREATE UNIQUE INDEX x_pair_live ON x_pair (company_id, x, a, b) WHERE state IN ('pair_asked', 'pair_bound', 'pair_releasing');
CREATE INDEX x_pair_next ON x_pair (next_at) WHERE state IN ('pair_asked', 'pair_bound', 'pair_releasing');
CREATE INDEX x_pair_company ON x_pair (company_id, asked);
-- Who goes leaves no customer reaching his phone.
CREATE TRIGGER x_pair_seat_gone AFTER UPDATE OF deleted ON seat WHEN NEW.deleted IS NOT NULL BEGIN
  UPDATE x_pair SET state = 'pair_releasing', next_at = 0
    WHERE seat_id = OLD.id AND company_id = OLD.company_id AND state IN ('pair_asked', 'pair_bound');
END;

-- 归属记录 is read newest first.
CREATE INDEX owner_change_company ON owner_change (company_id, at);
