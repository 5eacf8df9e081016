import type { EscalationPolicy } from '../domain/escalation/policy.ts';

/** The escalation policy that a monitor goes by, and why by that one; `tag`: which of its tags led there. */
export interface ToldByView {
  id: string;
  name: string;
  because: 'monitor' | 'tag' | 'default';
  tag: string | null;
  /** False: it notifies nobody yet. */
  hasSteps: boolean;
}

/** A monitor that goes by a policy, and what it goes by without that; null: there is always the default. */
export interface GovernedMonitorView {
  id: string;
  name: string;
  toldBy: ToldByView;
  otherwise: ToldByView | null;
}

/** `GET /policies/:id/monitors`, and what `DELETE /policies/:id` answers: the monitors that go, or went, by the policy. */
export interface GovernedMonitorsView {
  total: number;
  /** The newest, at most 100. */
  monitors: GovernedMonitorView[];
}

/** Who is told, after how long. `steps` is empty until there is a channel. */
export interface EscalationPolicyView extends EscalationPolicy {
  id: string;
  name: string;
  /** What monitors go by that no other policy holds for. */
  isDefault: boolean;
  /** Monitors with one of these go by it, unless another was chosen for them, or an older one has one of their tags. */
  tags: string[];
  createdAt: string;
  updatedAt: string;
}
