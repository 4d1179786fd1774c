-- Schema 9. Who has acknowledged an alarm, and what the built-in roles gain: acknowledging, and one row's number in full (D15).
ALTER TABLE event ADD COLUMN acked INTEGER;
ALTER TABLE event ADD COLUMN acked_by INTEGER; -- seat
UPDATE role SET permissions = json_insert(permissions, '$[#]', 'alarms.ack')
  WHERE built_in AND code IN ('manager', 'supervisor') AND permissions NOT LIKE '%"alarms.ack"%';
UPDATE role SET permissions = json_insert(permissions, '$[#]', 'numbers.unmask')
  WHERE built_in AND code IN ('manager', 'supervisor') AND permissions NOT LIKE '%"numbers.unmask"%';
