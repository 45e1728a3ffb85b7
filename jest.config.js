/** @type {import('jest').Config} */
export default {
  globalSetup: './libs/testing/global-setup.mjs',
  globalTeardown: './libs/testing/global-teardown.mjs',
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // ES modules name their files with .js; in the sources they are still .ts.
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // The web app is a package of its own, from which Node's own means reach no library.
    '^#([a-z]+)/(.+)$': '<rootDir>/libs/$1/src/$2',
  },
  testTimeout: 120_000,
  testMatch: [
    '<rootDir>/{apps,libs}/**/*.{spec,int-spec,sys-spec}.ts',
    '<rootDir>/test/**/*.{spec,int-spec,sys-spec}.ts',
  ],
};
