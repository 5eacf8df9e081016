import type { MonitorRef } from '../checks/dispatch/monitorRef.ts';
import type { Batch, Check } from '../checks/pipeline/batch.ts';
import type { LiveEvent } from '../contract/live.ts';
import type { Outcome } from '../domain/checks/outcome.ts';
import type { Region } from '../domain/checks/region.ts';
import type { Explanation } from '../domain/verdict/explanation.ts';
import type { LastSeen } from '../domain/verdict/freshness.ts';
import type { Tick } from '../ticks/tick.ts';

/** The calls of each Durable Object, without its class: services reach objects through these. */

export interface MonitorRpc extends Rpc.DurableObjectBranded {
  observe(ref: MonitorRef, outcome: Outcome, changedAt: number, correlationId: string): Promise<void>;
  follow(ref: MonitorRef, correlationId: string): Promise<void>;
  noteLastSeen(lastSeen: LastSeen, intervalMs: number, correlationId: string): Promise<void>;
  explain(): Promise<Explanation | null>;
}

export interface ProberRpc extends Rpc.DurableObjectBranded {
  probe(batch: Batch, checks: Check[], options: ProbeOptions): Promise<ProbeAnswer>;
  gather(batch: Batch, part: LatePart): Promise<void>;
  expect(batch: Batch, calls: number): Promise<void>;
  hold(batch: Batch, ticks: readonly Tick[]): Promise<void>;
  reach(region: Region, urls: readonly string[]): Promise<boolean[]>;
}

export interface FeedRpc extends Rpc.DurableObjectBranded {
  countSockets(): number;
  publish(event: LiveEvent): void;
  endSessions(sessionIds: string[]): void;
}

export interface OutboxRpc extends Rpc.DurableObjectBranded {
  wake(channelId: string, correlationId: string): Promise<void>;
}

export interface ProbeOptions {
  /** 0: answer at once, and deliver everything from here. */
  answerWithinMs: number;
  mayHandBack: boolean;
  /** Name of the Prober that stores results after the answer; null: this one. */
  gatherer: string | null;
  /** No other call is made for the batch, unless checks are handed back. */
  isOnlyCall: boolean;
}

/** Checks are named by the numbers of their monitors; the caller has the rest. */
export interface ProbeAnswer {
  done: Tick[];
  /** Checks that have not begun: for another Prober. */
  handedBack: number[];
  /** Number of open checks; their ticks go to the gatherer. */
  open: number;
  /** The open checks among them that take longer than usual for such targets. */
  slow: number[];
}

/** Ticks that a Prober sends for a batch after its call has answered. */
export interface LatePart {
  ticks: Tick[];
  /** Deadline for storing them, ms since the epoch: loud ones at once. */
  storeBy: number;
  /** The call sends nothing more. */
  closes: boolean;
}
