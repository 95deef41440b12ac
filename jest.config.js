/**
 * Three projects, one runner: `unit` needs nothing, `system` runs on real Kafka and Postgres (test/stack/set-up.ts), and
 * so does `long`, which takes minutes more and is no part of `npm test`: `npm run long`.
 */
const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { swcrc: true }] },
  moduleNameMapper: {
    '^#(contracts|kafka|providers|runtime|tracing)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.dev/'],
  setupFiles: ['reflect-metadata'],
};

const LONG = '.long.e2e-spec.ts';
const onServers = {
  ...shared,
  globalSetup: '<rootDir>/test/stack/set-up.ts',
  globalTeardown: '<rootDir>/test/stack/tear-down.ts',
  setupFilesAfterEnv: ['<rootDir>/test/stack/patience.ts'],
};
const everywhere = (ending) => [`<rootDir>/{apps,libs,dev,test,bench}/**/*${ending}`];

export default {
  // The system tests wait a lot: four at a time keep two cores busy.
  maxWorkers: 4,
  projects: [
    { ...shared, displayName: 'unit', testMatch: everywhere('.spec.ts') },
    {
      ...onServers,
      displayName: 'system',
      testMatch: everywhere('.e2e-spec.ts'),
      testPathIgnorePatterns: ['\\.long\\.e2e-spec\\.ts$'],
    },
    { ...onServers, displayName: 'long', testMatch: everywhere(LONG) },
  ],
  testSequencer: '<rootDir>/test/longest-first-sequencer.js',
  reporters: ['default', '<rootDir>/test/closing-line-reporter.js'],
};
