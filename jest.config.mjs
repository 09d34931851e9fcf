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
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': swc },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

const backend = (displayName, testMatch) => ({
  ...esm,
  displayName,
  testEnvironment: 'node',
  testMatch,
  setupFiles: ['<rootDir>/test/support/load-nest.mjs'],
});

export default {
  projects: [
    backend('unit', ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/vectors/**/*.test.ts']),
    backend('int', ['<rootDir>/test/int/**/*.test.ts']),
    backend('races', ['<rootDir>/test/races/**/*.test.ts']),
    backend('faults', ['<rootDir>/test/faults/**/*.test.ts']),
    backend('e2e', ['<rootDir>/test/e2e/**/*.test.ts']),
    '<rootDir>/frontend',
  ],
};
