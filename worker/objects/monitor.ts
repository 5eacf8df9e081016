import { DurableObject } from 'cloudflare:workers';

export class Monitor extends DurableObject<Env> {}
