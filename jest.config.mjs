/**
 * Backend tests run as native ES modules, compiled by swc (decorator metadata included);
 * the web app's component tests run in jsdom. One project per kind, chosen with --selectProjects.
 */
const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2024',
      parser: { syntax: 'typescript', tsx: true, decorators: true },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        useDefineForClassFields: false,
        react: { runtime: 'automatic' },
      },
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

const esm = {
  // Not in the temporary folder, which every run has for itself.
  cacheDirectory: '<rootDir>/node_modules/.cache/burnbag/jest',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': swc },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

const backend = (displayName, testMatch) => ({
  ...esm,
  displayName,
  testEnvironment: 'node',
  testMatch,
});

/** Tests of the running portal: they start real servers, which this finds or brings. */
const withServers = (displayName, testMatch) => ({
  ...backend(displayName, testMatch),
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
});

export default {
  // Two cores shared by servers and browsers may be slow; a test that hangs is still ended.
  testTimeout: 400_000,
  testSequencer: '<rootDir>/test/support/slow-first.sequencer.mjs',
  projects: [
    backend('unit', [
      '<rootDir>/src/**/*.test.ts',
      '<rootDir>/packages/**/*.test.ts',
      '<rootDir>/test/lint/**/*.test.ts',
      '<rootDir>/test/vectors/**/*.test.ts',
    ]),
    withServers('int', ['<rootDir>/test/int/**/*.test.ts']),
    withServers('races', ['<rootDir>/test/races/**/*.test.ts']),
    withServers('faults', ['<rootDir>/test/faults/**/*.test.ts']),
    withServers('e2e', ['<rootDir>/test/e2e/**/*.test.ts']),
    // Servers of other makes than the whole run needs: `npm run test:servers`, `npm run test:full`.
    withServers('servers', ['<rootDir>/test/servers/**/*.test.ts']),
    '<rootDir>/frontend',
  ],
};
