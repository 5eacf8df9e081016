import { DurableObject } from 'cloudflare:workers';
import type { LiveEvent } from '../contract/views.ts';
import { listLiveSessions, markWatched } from '../db/teams/liveSessions.ts';
import { logFailure } from '../log.ts';
import { type Services, servicesOf } from '../services.ts';
import type { FeedRpc } from './rpc.ts';

/** While sockets are open the team counts as watched; this is renewed before it expires. */
const watchedForMs = 180_000;
const renewEveryMs = 120_000;
const retryMs = 10_000;

/** Close code that asks the dashboard to sign in again. */
const sessionEnded = 4401;

/** A dashboard only sends `ping`, which is answered before it gets here. */
const maxMessageBytes = 1_024;
const maxMessages = 20;
/** RFC 6455, section 7.4.1. */
const policyViolation = 1008;
const messageTooBig = 1009;
const internalError = 1011;

interface Attachment {
  sessionId: string;
  teamId: string;
  /** Number of messages that no dashboard sends. */
  messages: number;
}

/**
 * Pushes a team's live events to its open dashboards. Sockets hibernate: between two pushes the object costs nothing, and a
 * `ping` is answered without waking it.
 */
export class Feed extends DurableObject<Env> implements FeedRpc {
  readonly #services: Services = servicesOf(this.env);

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  /** The WebSocket of a session that the API has checked; session, team and limit are in internal headers. */
  override async fetch(request: Request): Promise<Response> {
    const attachment: Attachment = {
      sessionId: request.headers.get('x-pharos-session') ?? '',
      teamId: request.headers.get('x-pharos-team') ?? '',
      messages: 0,
    };
    const open = this.countSockets();
    if (open >= Number(request.headers.get('x-pharos-socket-limit'))) return Response.json(open, { status: 403 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    server.serializeAttachment(attachment);
    // Checked once the socket exists: sessions that end later find the socket, and sessions that ended earlier are found here.
    try {
      await this.#review(this.ctx.getWebSockets());
    } catch (error) {
      // Nobody gets its other end, but it would count as open.
      server.close(internalError, 'The socket could not be opened.');
      throw error;
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  countSockets(): number {
    return this.ctx.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  }

  publish(event: LiveEvent): void {
    const text = JSON.stringify(event);
    for (const socket of this.ctx.getWebSockets()) {
      try {
        socket.send(text);
      } catch (error) {
        logFailure('feed', 'none', error);
      }
    }
  }

  /** Closes a socket that sends too many or too large messages: each message wakes the object. */
  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const attachment = attachmentOf(socket);
    const messages = (attachment.messages ?? 0) + 1;
    socket.serializeAttachment({ ...attachment, messages });
    const size = typeof message === 'string' ? message.length : message.byteLength;
    if (size > maxMessageBytes) socket.close(messageTooBig, 'Messages can have at most 1 KiB.');
    else if (messages > maxMessages) socket.close(policyViolation, 'Too many messages; only "ping" is expected.');
  }

  /** Closes the sockets of sessions that have just ended. */
  endSessions(sessionIds: string[]): void {
    const ended = new Set(sessionIds);
    for (const socket of this.ctx.getWebSockets()) if (ended.has(attachmentOf(socket).sessionId)) endSocket(socket);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    // 1005 and 1006 are reserved: they may be received, not sent.
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }

  /** Closes the sockets of ended sessions and former members, and keeps watching for the rest. */
  override async alarm(): Promise<void> {
    try {
      await this.#review(this.ctx.getWebSockets());
    } catch (error) {
      // The platform drops an alarm that fails a few times, and with it the watching would end.
      logFailure('feed', 'none', error);
      await this.ctx.storage.setAlarm(Date.now() + retryMs);
    }
  }

  async #review(sockets: WebSocket[]): Promise<void> {
    const [first] = sockets;
    if (!first) return;
    const { teamId } = attachmentOf(first);
    const ids = sockets.map((socket) => attachmentOf(socket).sessionId);
    const expiries = await listLiveSessions(this.#services.d1, teamId, ids, Date.now());
    for (const socket of sockets) if (!expiries.has(attachmentOf(socket).sessionId)) endSocket(socket);
    await this.#renew(teamId, Math.min(...expiries.values()));
  }

  /** Sets the alarm before the watching expires, or for the first session to end. */
  async #renew(teamId: string, firstExpiry: number): Promise<void> {
    const now = Date.now();
    await markWatched(this.#services.d1, teamId, now + watchedForMs);
    await this.ctx.storage.setAlarm(Math.min(now + renewEveryMs, firstExpiry));
  }
}

const endSocket = (socket: WebSocket) => socket.close(sessionEnded, 'The session has ended.');

const attachmentOf = (socket: WebSocket) => socket.deserializeAttachment() as Attachment;
