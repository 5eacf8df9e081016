import { createEffect, createSignal, onCleanup, untrack } from 'solid-js';
import type { LiveEvent } from '../../../../worker/contract/views.ts';
import { holdForSocket } from './firstSocket.ts';

/**
 * `polling`: the socket has failed for a while, and the page asks every 15 seconds instead. `offline`: it has failed, and
 * the browser has no network.
 */
export type LiveState = 'live' | 'reconnecting' | 'polling' | 'offline';

/** A server that hangs is noticed within the sum of both. A ping costs nothing: the platform answers it. */
const pingMs = 10_000;
const pongMs = 5_000;
const pollMs = 15_000;
const triesBeforePolling = 2;

/** Full jitter between half and the whole of 1, 2, 4 … 30 seconds, so that many browsers do not return at once. */
export const backoffMs = (failures: number, random: number) =>
  Math.min(30_000, 1_000 * 2 ** Math.max(0, failures - 1)) * (0.5 + random / 2);

/**
 * Keeps a WebSocket to the team's feed. `onEvent` gets every event, `onOpen` is called with each new socket, since events
 * may have been missed before it (`at`: when it opened, ms), `poll` every 15 seconds while there is no socket.
 */
export const createLive = (handlers: {
  onEvent: (event: LiveEvent) => void;
  onOpen: (at: number) => void;
  poll: () => void;
  /** Whether somebody was signed in here, so that the socket need not wait for the first answer. */
  mayBegin: boolean;
  /** Whether there is a session to connect with. */
  ready: () => boolean;
}) => {
  const [connection, setConnection] = createSignal<Exclude<LiveState, 'offline'>>('reconnecting');
  const [online, setOnline] = createSignal(navigator.onLine);
  // A local copy is reached without a network, so an open socket takes precedence over the browser's own state.
  const state = (): LiveState => (connection() === 'live' || online() ? connection() : 'offline');
  const goOn = handlers.mayBegin ? holdForSocket() : () => undefined;
  let socket: WebSocket | null = null;
  let failures = 0;
  let retryTimer: number | undefined;
  let pongTimer: number | undefined;

  const open = () => {
    window.clearTimeout(retryTimer);
    const url = new URL('/api/v1/live', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const current = new WebSocket(url);
    socket = current;
    current.onopen = () => {
      failures = 0;
      goOn();
      setConnection('live');
      handlers.onOpen(Date.now());
    };
    current.onmessage = (message) => {
      if (message.data === 'pong') window.clearTimeout(pongTimer);
      else handlers.onEvent(JSON.parse(message.data) as LiveEvent);
    };
    current.onclose = () => socket === current && lost();
  };

  const lost = () => {
    window.clearTimeout(pongTimer);
    goOn();
    socket = null;
    failures += 1;
    setConnection(failures > triesBeforePolling ? 'polling' : 'reconnecting');
    retryTimer = window.setTimeout(open, backoffMs(failures, Math.random()));
  };

  const ping = () => {
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.send('ping');
    window.clearTimeout(pongTimer);
    // A dead connection does not close by itself: without an answer we close it and begin again.
    pongTimer = window.setTimeout(drop, pongMs);
  };

  const drop = () => {
    const old = socket;
    if (!old) return;
    lost();
    old.close();
  };

  const openNow = () => !socket && (handlers.mayBegin || handlers.ready()) && open();
  const onOnline = () => {
    setOnline(true);
    openNow();
  };
  // The socket of a lost network stays open for a while: a new one shows at once whether Pharos is reachable.
  const onOffline = () => {
    setOnline(false);
    drop();
    openNow();
  };
  const pingTimer = window.setInterval(ping, pingMs);
  const pollTimer = window.setInterval(() => state() !== 'live' && handlers.poll(), pollMs);
  window.addEventListener('online', onOnline);
  window.addEventListener('offline', onOffline);
  openNow();
  // The session may have been renewed after the socket was refused.
  createEffect(() => handlers.ready() && untrack(openNow));

  onCleanup(() => {
    const old = socket;
    socket = null;
    goOn();
    old?.close();
    for (const timer of [retryTimer, pongTimer, pingTimer, pollTimer]) window.clearTimeout(timer);
    window.removeEventListener('online', onOnline);
    window.removeEventListener('offline', onOffline);
  });
  return state;
};
