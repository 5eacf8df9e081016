import type { State } from './state.ts';

/** Plain output: it goes to files and into messages. */
export const plainEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' });

/** wrangler without questions, telemetry, colours, and without calls to the network that a local run can do without. */
export const quietEnvironment = (): NodeJS.ProcessEnv => ({
  ...plainEnvironment(),
  CI: 'true',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: 'true',
});

/** The same for a local copy: what wrangler keeps per user by default is kept per copy, so that two do not meet. */
export const localEnvironment = (state: State): NodeJS.ProcessEnv => ({
  ...quietEnvironment(),
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_REGISTRY_PATH: state.registry,
  WRANGLER_LOG_PATH: state.log('wrangler'),
  X_LOCAL_EXPLORER: 'false',
  X_LOCAL_OBSERVABILITY: 'false',
});
