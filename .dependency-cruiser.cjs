/** The rules of ARCHITECTURE.md: who may import whom. */
const lib = (name) => `^libs/${name}/`;

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-app-imports-an-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    { name: 'no-lib-imports-an-app', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'contracts-know-zod-alone',
      severity: 'error',
      from: { path: lib('contracts'), pathNot: '\\.(cli|spec)\\.ts$' },
      to: { pathNot: [lib('contracts'), 'node_modules/zod/'] },
    },
    {
      name: 'badge-token-knows-nothing-of-ours',
      severity: 'error',
      from: { path: lib('badge-token') },
      to: { path: '^(apps|libs)/', pathNot: lib('badge-token') },
    },
    {
      name: 'door-rules-know-contracts-and-badge-token',
      severity: 'error',
      from: { path: lib('door-rules') },
      to: { path: '^(apps|libs)/', pathNot: [lib('door-rules'), lib('contracts'), lib('badge-token')] },
    },
    {
      name: 'messaging-knows-contracts',
      severity: 'error',
      from: { path: lib('messaging'), pathNot: '\\.(int-)?spec\\.ts$' },
      to: { path: '^(apps|libs)/', pathNot: [lib('messaging'), lib('contracts')] },
    },
    {
      name: 'platform-knows-messaging-and-contracts',
      severity: 'error',
      from: { path: lib('platform'), pathNot: '\\.(int-)?spec\\.ts$' },
      to: { path: '^(apps|libs)/', pathNot: [lib('platform'), lib('messaging'), lib('contracts')] },
    },
    {
      name: 'web-knows-contracts-badge-token-and-door-rules',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '^libs/', pathNot: [lib('contracts'), lib('badge-token'), lib('door-rules')] },
    },
    {
      name: 'web-entries-share-shell-and-ui-alone',
      severity: 'error',
      from: { path: '^apps/web/(register|door|organiser)/' },
      to: { path: '^apps/web/', pathNot: ['^apps/web/$1/', '^apps/web/(shell|ui|i18n)/', '^apps/web/styles.css$'] },
    },
    {
      name: 'kafkajs-in-messaging-alone',
      severity: 'error',
      from: { pathNot: lib('messaging') },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'tests-are-black-box',
      severity: 'error',
      from: { path: '^tests/', pathNot: '^tests/setup/' },
      to: { path: '^(apps|libs|deploy)/', pathNot: [lib('contracts'), lib('testing'), lib('badge-token')] },
    },
    {
      name: 'test-setups-know-the-launcher',
      severity: 'error',
      from: { path: '^tests/setup/' },
      to: { path: '^(apps|libs|deploy)/', pathNot: ['^deploy/local/', lib('testing')] },
    },
    { name: 'no-lib-imports-deploy', severity: 'error', from: { path: '^libs/' }, to: { path: '^deploy/' } },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^virtual:', '\\?url$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
