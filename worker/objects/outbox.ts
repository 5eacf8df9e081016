import { DurableObject } from 'cloudflare:workers';
import { sendDue } from '../alerts/outbox/sendDue.ts';
import { pauseMs } from '../domain/delivery/backoff.ts';
import { logFailure } from '../log.ts';
import { type Services, servicesOf } from '../services.ts';
import type { OutboxRpc } from './rpc.ts';
import { unrecordedIn } from './unrecorded.ts';

/** After a failure of our own (the database did not answer). */
const pauses = { firstMs: 5_000, maxMs: 60_000 };

interface OutboxRecord {
  channelId: string;
  correlationId: string;
  /** In a row. */
  failures?: number;
}

/**
 * Sends the due deliveries of one channel. Each channel has one object, so that a hanging channel delays no other, and none
 * sends twice at the same time. The deliveries are in the database: a lost alarm costs a minute.
 */
export class Outbox extends DurableObject<Env> implements OutboxRpc {
  readonly #services: Services = servicesOf(this.env);

  /** A delivery may be due. Returns at once; the alarm sends. */
  async wake(channelId: string, correlationId: string): Promise<void> {
    await this.ctx.storage.put<OutboxRecord>('outbox', { channelId, correlationId });
    await this.ctx.storage.setAlarm(Date.now());
  }

  override async alarm(): Promise<void> {
    const record = await this.ctx.storage.get<OutboxRecord>('outbox');
    if (!record) return;
    const { channelId, correlationId, failures = 0 } = record;
    const { storage } = this.ctx;
    try {
      const againAt = await sendDue(this.#services, channelId, correlationId, unrecordedIn(storage));
      if (failures > 0) await storage.put<OutboxRecord>('outbox', { channelId, correlationId });
      if (againAt !== null) await this.#wakeBy(againAt);
    } catch (error) {
      logFailure('delivery', correlationId, error, { channelId });
      await storage.put<OutboxRecord>('outbox', { channelId, correlationId, failures: failures + 1 });
      await this.#wakeBy(Date.now() + pauseMs(failures + 1, pauses, Math.random()));
    }
  }

  /** A delivery that is due earlier may have arrived meanwhile. */
  async #wakeBy(at: number): Promise<void> {
    const earlier = await this.ctx.storage.getAlarm();
    if (earlier === null || earlier > at) await this.ctx.storage.setAlarm(at);
  }
}
