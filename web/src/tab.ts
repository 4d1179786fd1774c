const NAME = "hutong-tab";

/**
 * One tab of a browser works a session: the service keeps one live socket for a seat, and a newer one ends the older,
 * which must not happen to an agent in a call who opens the page once more. Chrome also leaves a page that holds a Web Lock out of tab freezing (docs/rules.md).
 * Resolves with the release once held, with null where another tab holds it; `taken` is called if another tab takes it over.
 */
export function takeTab(steal: boolean, taken: () => void): Promise<(() => void) | null> {
  const locks = navigator.locks;
  if (!locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    let held = false;
    locks
      .request(NAME, steal ? { steal: true } : { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(null);
        held = true;
        return new Promise<void>((release) => resolve(() => {
          held = false;
          release();
        }));
      })
      .catch(() => held && taken());
  });
}
