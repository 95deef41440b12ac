import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prometheusRule, withRunbooks } from './observability/alert-rules.js';
import { REPOSITORY } from './places.js';

const USAGE = 'Usage: npm run alerts -- --runbooks https://HOST/…/docs/runbooks.md --to FOLDER';
const ADDRESS = /^https?:\/\/[^\s#]+$/;
const MADE = '# Made of observability/alerts.yaml by `npm run alerts`.\n';

/** Writes the alerts with links to their runbooks, wherever these can be read: for Prometheus, and for its operator. */
function writeAlerts(runbooks: string, folder: string): void {
  const rules = withRunbooks(readFileSync(join(REPOSITORY, 'observability', 'alerts.yaml'), 'utf8'), runbooks);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of [
    ['alerts.yaml', rules],
    ['prometheus-rule.yaml', prometheusRule(rules)],
  ] as const) {
    writeFileSync(join(folder, name), MADE + text);
    console.log(join(folder, name));
  }
}

try {
  const { runbooks, to } = parseArgs({ options: { runbooks: { type: 'string' }, to: { type: 'string' } } }).values;
  if (runbooks === undefined)
    throw new Error('--runbooks is missing: the address of docs/runbooks.md, wherever you keep it');
  if (!ADDRESS.test(runbooks)) throw new Error('--runbooks must be an address without a #');
  if (to === undefined) throw new Error('--to is missing: the folder to write into');
  // npm says where it was typed; here it is always the root.
  writeAlerts(runbooks, resolve(process.env.INIT_CWD ?? '', to));
} catch (error) {
  console.error(`${(error as Error).message}\n${USAGE}`);
  process.exitCode = 2;
}
