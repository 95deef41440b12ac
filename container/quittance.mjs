#!/usr/local/bin/node --enable-source-maps
// What the image starts: its first argument names a process, the rest is for that one. Called as quittance-ops it is the
// operators' commands. Without a shell in between, the process is the one that the container's signals reach.
import { basename } from 'node:path';
import { ENTRY_POINTS } from './entry-points.mjs';

const SIGNALS = { SIGINT: 2, SIGTERM: 15 };

const [, calledAs = '', ...given] = process.argv;
const [called = '', ...behind] = basename(calledAs) === 'quittance-ops' ? ['ops', ...given] : given;
const [name, rest] = called === 'ops' && behind[0] === 'sources' ? ['sources', behind.slice(1)] : [called, behind];

if (Object.hasOwn(ENTRY_POINTS, name)) {
  endOnSignals();
  const entry = new URL(`../dist/${ENTRY_POINTS[name]}`, import.meta.url);
  // The process sees the arguments that it would see if it had been started by itself.
  process.argv.splice(2, given.length, ...rest);
  await import(entry.href);
} else {
  console.error(`quittance ${Object.keys(ENTRY_POINTS).join(' | ')} [arguments]`);
  process.exitCode = 2;
}

/**
 * Signals end the process as long as it has no better answer of its own. The kernel ignores what the first process of a
 * container does not handle, so a stop during start-up or a migration would wait for the SIGKILL.
 */
function endOnSignals() {
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + number);
    });
  }
}
