/** Component and unit tests of the web app: jsdom, native ES modules, swc. */
export default {
  displayName: 'frontend',
  rootDir: '.',
  cacheDirectory: '<rootDir>/../node_modules/.cache/burnbag/jest',
  testEnvironment: '<rootDir>/src/testing/jsdom-environment.mjs',
  testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/src/**/*.test.tsx'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleFileExtensions: ['tsx', 'ts', 'mjs', 'js', 'json'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '\\.css$': '<rootDir>/src/testing/style-stub.ts',
    '^@noble/hashes/argon2\\.js$': '<rootDir>/src/testing/native-argon2.ts',
  },
  setupFilesAfterEnv: ['<rootDir>/src/testing/setup.ts'],
};
