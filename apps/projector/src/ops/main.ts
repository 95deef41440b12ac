import 'reflect-metadata';
import { stopOnSignals } from './interruption.js';
import { runCommand } from './run-command.js';

const code = await runCommand(process.argv.slice(2), {
  output: process.stdout,
  errors: process.stderr,
  stop: stopOnSignals,
});
// A client that still waits for something of its own must not keep us. What was printed has to be out, through a pipe too.
process.stdout.write('', () => process.exit(code));
