/**
 * No acknowledged receipt is lost, whatever goes wrong: the quick ones of all faults, each under load, compared with what
 * the vendors know to be true. All of them: `npm run faults`.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FAULTS } from './all-faults.js';
import { MOST_PATIENT, runFault } from './run-fault.js';
import { Servers } from './servers.js';

/** All of a vendor's tries fall into a minute, which is longer than each of these faults takes. */
const LOAD = { messages: 400, rate: 150, timeCompression: 16, only: MOST_PATIENT, isPatient: true };

describe('faults', () => {
  let servers: Servers;

  beforeAll(async () => {
    servers = await Servers.start();
  }, 120_000);

  afterAll(async () => {
    await servers.stop();
  }, 60_000);

  it.each(FAULTS.filter(({ quick }) => quick))(
    '$name: $about; nothing lost, every row true, subscribers told by the rule',
    async (fault) => {
      const { wrong, lost } = await runFault(fault, servers, LOAD);
      expect({ wrong, lost }).toEqual({ wrong: [], lost: 0 });
    },
    300_000,
  );
});
