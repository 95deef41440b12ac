import { parseArgs } from 'node:util';
import { count, createConsole } from '../../dev/console.js';
import { FAULTS } from './all-faults.js';
import type { FaultResult } from './fault.js';
import { faultTable } from './fault-table.js';
import { runFault } from './run-fault.js';
import { Servers } from './servers.js';

const USAGE = `npm run faults [-- <fault> ...] [-- --quick] [-- --messages 3000] [-- --rate 150] [-- --patient] [-- --list]`;

/** Lets every fault happen under load, one after the other, and ends with a table. Exit code 1: a promise was broken. */
async function main(): Promise<number> {
  const options = {
    quick: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    messages: { type: 'string', default: '3000' },
    rate: { type: 'string', default: '150' },
    // On a machine that is busy otherwise, pushes would be refused for want of time, and nobody repeats some of them.
    patient: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const out = createConsole();
  const unknown = positionals.filter((name) => !FAULTS.some((fault) => fault.name === name));
  if (values.list || unknown.length > 0) {
    for (const { name, about } of FAULTS) out.say(`${name.padEnd(22)}${about}`);
    if (unknown.length > 0) out.say(`\nThere is no fault called ${unknown.join(', ')}.\nUsage: ${USAGE}`);
    return unknown.length > 0 ? 2 : 0;
  }
  const chosen = FAULTS.filter(
    ({ name, quick }) => (positionals.length === 0 || positionals.includes(name)) && (!values.quick || quick),
  );
  // All of a vendor's tries fall into three minutes; where everything takes longer, into eight.
  const { patient: isPatient } = values;
  const load = {
    messages: Number(values.messages),
    rate: Number(values.rate),
    timeCompression: isPatient ? 2 : 6,
    isPatient,
  };
  const results: FaultResult[] = [];
  const canMount = Servers.canMount();
  const servers = await Servers.start();
  const stop = (): void => {
    void servers.stop().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    for (const [at, fault] of chosen.entries()) {
      const title = `${at + 1}/${chosen.length} ${fault.name}`;
      if (fault.disks && !canMount) {
        out.say(`${title}: left out, this process may not mount a disk`);
        continue;
      }
      out.say(`${title}: ${fault.about}`);
      const began = Date.now();
      const result = await runFault(fault, servers, load, (step) => {
        out.status(`  ${step}`);
      });
      results.push(result);
      const { accepted, lost, wrong, recovery } = result;
      const seconds = Math.round((Date.now() - began) / 1_000);
      out.say(
        `  ${count(accepted)} accepted, ${count(lost)} lost, ${count(wrong.length)} wrong, whole again after ${recovery.toFixed(1)} s (${seconds} s in all)`,
      );
      for (const text of wrong.slice(0, 5)) out.say(`    ${text}`);
    }
  } finally {
    await servers.stop();
  }
  out.say(`\n${faultTable(results, load)}`);
  return results.some(({ wrong, lost }) => wrong.length > 0 || lost > 0) ? 1 : 0;
}

process.exit(await main());
