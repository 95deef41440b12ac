import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { SimulatorEnvironment } from '../../environment.js';
import { TOKENS } from './faults.controller.js';
import { Faults } from './faults.js';
import { serveQueues } from './queue-endpoint.js';
import { Queues } from './queues.js';
import { serveTokens } from './token-endpoint.js';
import type { Tokens } from './tokens.js';

/**
 * Opens the queue and the token endpoint on the simulator's port. They are routes of Fastify itself: a signature covers
 * what came over the wire, and the bodies are not JSON.
 */
export async function serveAlibaba(app: NestFastifyApplication, { mns }: SimulatorEnvironment): Promise<void> {
  const { customer, tokenLifetime } = mns;
  const [faults, queues, tokens] = [app.get(Faults), app.get(Queues), app.get<Tokens>(TOKENS)];
  const now = Date.now;
  const authority = { customer, tokens, now, expiredAs: () => faults.settings.expiredAs };
  const fastify = app.getHttpAdapter().getInstance();
  // Each in a scope of its own, because each reads bodies in its own way.
  await fastify.register((scope, _options, done) => {
    serveQueues(scope, { queues, faults, authority });
    done();
  });
  await fastify.register((scope, _options, done) => {
    serveTokens(scope, { customer, tokens, faults, lifetimeSeconds: tokenLifetime, now });
    done();
  });
}
