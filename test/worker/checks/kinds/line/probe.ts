import { connect } from 'cloudflare:sockets';
import type { z } from 'zod';
import type { Finding, ProbeRequest } from '../../../../../worker/checks/kinds/probe.ts';
import type { line } from './definition.ts';

type Settings = z.output<z.ZodObject<ReturnType<typeof line.fields>>>;

export const probeLine = async ({
  target,
  timeoutMs,
}: Omit<ProbeRequest, 'target'> & { target: Settings }): Promise<Finding> => {
  const began = Date.now();
  const socket = connect({ hostname: target.host, port: target.port });
  const timer = setTimeout(() => void socket.close(), timeoutMs);
  try {
    const writer = socket.writable.getWriter();
    await writer.write(new TextEncoder().encode(target.send ?? ''));
    const text = `received: ${await new Response(socket.readable).text()}`;
    const latencyMs = Date.now() - began;
    if (text.includes(target.expect)) return { health: 'up', reason: 'ok', status: text.length, latencyMs };
    const evidence = { headers: [['peer', `${target.host}:${target.port}`] as const], body: text, cut: false };
    return { health: 'down', reason: 'line_differs' as never, status: text.length, latencyMs, evidence };
  } catch {
    return { health: 'down', reason: 'refused', status: null, latencyMs: Date.now() - began };
  } finally {
    clearTimeout(timer);
    await socket.close().catch(() => undefined);
  }
};
