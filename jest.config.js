const aliases = Object.fromEntries(
  ['badge-token', 'contracts', 'door-rules', 'messaging', 'platform', 'testing'].map((lib) => [
    `^@plenary/${lib}$`,
    `<rootDir>/libs/${lib}/src/index.ts`,
  ]),
);
const { exclude: _specs, ...swc } = JSON.parse(require('node:fs').readFileSync('.swcrc', 'utf8'));
const withJsx = {
  ...swc,
  jsc: {
    ...swc.jsc,
    parser: { ...swc.jsc.parser, tsx: true },
    transform: { ...swc.jsc.transform, react: { runtime: 'automatic' } },
  },
};
const compiled = (options) => ['@swc/jest', { ...options, swcrc: false }];

/** Published as ES modules alone: Nest 12 with a few of its dependencies, and what the web app is made of. */
const modules = [
  ...['@nestjs', 'cookie', 'jose', 'uuid'],
  ...['@formatjs', '@tanstack', 'icu-minify', 'intl-messageformat', 'use-intl', 'wouter'],
];

const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.(t|j)s$': compiled(swc), '^.+\\.tsx$': compiled(withJsx) },
  transformIgnorePatterns: [`/node_modules/(?!(.*/node_modules/)?(${modules.join('|')})/)`],
  moduleNameMapper: aliases,
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.plenary'],
};

/** unit: beside the source, no infrastructure; integration: real PostgreSQL and Kafka; e2e: the whole system over HTTP; browser: its pages in Chromium; delivery: the same while its processes are killed. */
module.exports = {
  reporters: ['default', '<rootDir>/tests/setup/counts.js'],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,deploy}/**/*.spec.{ts,tsx}'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/{apps,libs,deploy}/**/*.int-spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/tests/setup/patience.ts'],
      globalSetup: '<rootDir>/tests/setup/infrastructure.ts',
      globalTeardown: '<rootDir>/tests/setup/infrastructure-down.ts',
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/tests/e2e/**/*.e2e-spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/tests/setup/patience.ts'],
      globalSetup: '<rootDir>/tests/setup/stack.ts',
      globalTeardown: '<rootDir>/tests/setup/stack-down.ts',
    },
    {
      ...shared,
      displayName: 'browser',
      testMatch: ['<rootDir>/tests/browser/**/*.browser-spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/tests/setup/patience.ts', '<rootDir>/tests/setup/browser-hooks.ts'],
      // The very files of e2e: jest runs each once for all projects that name it, so both use one system.
      globalSetup: '<rootDir>/tests/setup/stack.ts',
      globalTeardown: '<rootDir>/tests/setup/stack-down.ts',
    },
    {
      ...shared,
      displayName: 'delivery',
      testMatch: ['<rootDir>/tests/delivery/**/*.delivery-spec.ts'],
      testEnvironment: '<rootDir>/tests/setup/delivery-environment.ts',
      setupFilesAfterEnv: ['<rootDir>/tests/setup/patience.ts', '<rootDir>/tests/delivery/what-holds.ts'],
      globalSetup: '<rootDir>/tests/setup/delivery-stack.ts',
      globalTeardown: '<rootDir>/tests/setup/delivery-stack-down.ts',
    },
  ],
};
