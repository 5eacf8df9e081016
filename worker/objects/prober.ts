import { DurableObject } from 'cloudflare:workers';

export class Prober extends DurableObject<Env> {}
