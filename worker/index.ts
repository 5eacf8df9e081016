export { default } from './handlers.ts';
export { Feed } from './objects/feed.ts';
export { Monitor } from './objects/monitor.ts';
export { Outbox } from './objects/outbox.ts';
export { Prober } from './objects/prober.ts';
export { StatusPages } from './pages/statusPages.tsx';
