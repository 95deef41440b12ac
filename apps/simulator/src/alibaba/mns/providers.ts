import type { Provider } from '@nestjs/common';
import { queueOf, SOURCE_IDS } from '../../callbacks.js';
import type { SimulatorEnvironment } from '../../environment.js';
import { TOKENS } from './faults.controller.js';
import { Faults } from './faults.js';
import { Queues } from './queues.js';
import { createTokens } from './tokens.js';

/** What plays the queues, for the module. */
export function mnsProviders({ mns }: SimulatorEnvironment): Provider[] {
  return [
    Faults,
    { provide: TOKENS, useFactory: () => createTokens(Date.now) },
    {
      provide: Queues,
      inject: [Faults],
      useFactory: (faults: Faults): Queues => {
        const queues = new Queues(faults, { longPolls: mns.longPolls });
        for (const name of [...SOURCE_IDS.map(queueOf), ...mns.queues]) if (name !== null) queues.declare(name);
        return queues;
      },
    },
  ];
}
