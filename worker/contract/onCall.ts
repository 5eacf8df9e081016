import type { Layer } from '../domain/onCall/onCallSchedule.ts';

/** Whom alerts are for. Without channels nobody is told. */
export interface PersonView {
  id: string;
  name: string;
  channelIds: string[];
  createdAt: string;
  updatedAt: string;
}

/** A person as shifts name them; the name is null where they are gone. */
export interface OnCallPersonView {
  id: string;
  name: string | null;
}

/** `person` is null in a gap, in which nobody is on call. */
export interface ShiftView {
  from: string;
  to: string;
  person: OnCallPersonView | null;
}

/** Who is on call, and what comes then. A time is null where it lies more than a year ahead, or never comes. */
export interface OnCallNowView {
  person: OnCallPersonView | null;
  until: string | null;
  next: { person: OnCallPersonView | null; from: string; to: string | null } | null;
}

export interface OnCallOverrideView {
  id: string;
  person: OnCallPersonView;
  from: string;
  to: string;
}

export interface OnCallScheduleView {
  id: string;
  name: string;
  timeZone: string;
  /** A later one covers those before it. */
  layers: Layer[];
  /** Those that are not over; a later one covers those before it, and all cover the layers. */
  overrides: OnCallOverrideView[];
  now: OnCallNowView;
  /** Whoever has this address can read the calendar, without a session. */
  calendarUrl: string;
  createdAt: string;
  updatedAt: string;
}
