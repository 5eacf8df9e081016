/** How long the first requests of a page wait for the socket: data requested after it need not be requested twice. */
const patienceMs = 400;

let settled: Promise<void> = Promise.resolve();

/** Resolves once the first socket of this page has opened or failed, or does neither for a while. */
export const firstSocket = (): Promise<void> => settled;

/** Questions wait from now on, until the function that this returns is called. */
export const holdForSocket = (): (() => void) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  settled = promise;
  setTimeout(resolve, patienceMs);
  return resolve;
};
