import { expect, it } from '@jest/globals';
import { typedCommands } from './typed-commands.js';

it.each([
  ['/usr/local/bin/quittance-ops', 'quittance-ops', 'quittance migrate'],
  ['/usr/local/bin/quittance', 'quittance-ops', 'quittance migrate'],
  ['/srv/quittance/dist/apps/projector/src/ops/main.js', 'npm run ops --', 'npm run migrate'],
  [undefined, 'npm run ops --', 'npm run migrate'],
])('typedCommands: started by %s, people type %s', (startedBy, ops, migrate) => {
  expect(typedCommands(startedBy)).toEqual({ ops, migrate });
});
