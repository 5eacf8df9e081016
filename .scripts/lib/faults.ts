import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inRoot } from './paths.ts';

/** The regions of the product: each has a queue of its own in wrangler.toml. */
export const regionNames = (): string[] =>
  [...readFileSync(inRoot('wrangler.toml'), 'utf8').matchAll(/^binding = "CHECKS_([A-Z_]+)"/gm)].map(([, name = '']) =>
    name.toLowerCase().replace('_', '-'),
  );

const fileIn = (stateDir: string) => join(stateDir, 'failing-regions.json');

/** From now on all probes of these regions fail in the local copy that keeps its state there, and those of others do not. */
export const breakRegions = (stateDir: string, regions: readonly string[]) =>
  writeFileSync(fileIn(stateDir), JSON.stringify(regions));

/** Gives the Probers of a local copy the list of broken regions (worker/checks/pipeline/localFaults.ts). It begins with none. */
export const serveFaults = async (stateDir: string) => {
  breakRegions(stateDir, []);
  const server = createServer((_, response) => {
    const file = fileIn(stateDir);
    response.setHeader('content-type', 'application/json').end(existsSync(file) ? readFileSync(file) : '[]');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, stop };
};
