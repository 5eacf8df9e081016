import { app } from './app.ts';
import { consumeChecks } from './checks/consume.ts';
import { recordDeadLetters } from './checks/deadLetters.ts';
import { dispatchMinute } from './checks/dispatch.ts';
import { createServices, regionOfQueue } from './services.ts';

export default {
  fetch: app.fetch,
  scheduled: (controller, env) => dispatchMinute(createServices(env), controller.scheduledTime),
  queue: (batch, env) => {
    const services = createServices(env);
    return regionOfQueue(batch.queue) ? consumeChecks(services, batch) : recordDeadLetters(services, batch);
  },
} satisfies ExportedHandler<Env>;
