const NAME = "hutong-seat";

/**
 * One tab works the seat. Chrome also leaves a page that holds a Web Lock out of tab freezing (ux.md §2.1).
 * Resolves with the release once held, with null where another tab holds it; `taken` is called if another tab takes it over.
 */
export function takeSeat(steal: boolean, taken: () => void): Promise<(() => void) | null> {
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
