/** Two projects, one runner: `unit` needs nothing, `system` runs on real Kafka and Postgres (test/stack/set-up.ts). */
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

export default {
  // The system tests wait a lot: four at a time keep two cores busy.
  maxWorkers: 4,
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,dev,test,bench}/**/*.spec.ts'] },
    {
      ...shared,
      displayName: 'system',
      testMatch: ['<rootDir>/{apps,libs,dev,test}/**/*.e2e-spec.ts'],
      globalSetup: '<rootDir>/test/stack/set-up.ts',
      globalTeardown: '<rootDir>/test/stack/tear-down.ts',
      setupFilesAfterEnv: ['<rootDir>/test/stack/patience.ts'],
    },
  ],
  testSequencer: '<rootDir>/test/longest-first-sequencer.js',
  reporters: ['default', '<rootDir>/test/closing-line-reporter.js'],
};
