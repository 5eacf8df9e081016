import type { TestProject } from 'vitest/node';
import { startReceiver } from '../../receiver.ts';

/** The vendors of channels, as one real server in this Node process. */
export default async (project: TestProject) => {
  const receiver = await startReceiver();
  project.provide('receiver', receiver.origin);
  project.provide('smtpPorts', receiver.smtpPorts);
  return receiver.stop;
};
