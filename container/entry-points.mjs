/** What the image can be told to run: the argument, and the compiled file that it starts. */
export const ENTRY_POINTS = {
  ingress: 'apps/ingress/src/main.js',
  normaliser: 'apps/normaliser/src/main.js',
  projector: 'apps/projector/src/main.js',
  simulator: 'apps/simulator/src/main.js',
  migrate: 'apps/projector/src/migrate.js',
  'set-up-topics': 'apps/projector/src/set-up-topics.js',
  ops: 'apps/projector/src/ops/main.js',
  // The operators' command about sources, `ops sources …`: the ingress knows their doors and queues.
  sources: 'apps/ingress/src/check/main.js',
};
