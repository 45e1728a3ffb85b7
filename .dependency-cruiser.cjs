/**
 * Who may import whom. The same table stands, with its reasons, in docs/ARCHITECTURE.md.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const only = (name, from, ...allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '(\\.spec|\\.int-spec)\\.ts$|/test/' },
  to: { path: '^(apps|libs)/', pathNot: [from, ...allowed] },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'declared', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] } },

    only('contracts-stand-alone', '^libs/contracts/'),
    {
      name: 'contracts-need-zod-alone',
      severity: 'error',
      from: { path: '^libs/contracts/src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'core'], pathNot: 'node_modules/zod/' },
    },
    only('access-on-contracts', '^libs/access/', '^libs/contracts/'),
    only('text-stands-alone', '^libs/text/'),
    only('calendar-stands-alone', '^libs/calendar/'),
    only('client-stands-alone', '^libs/client/'),
    only('messaging-on-contracts', '^libs/messaging/', '^libs/contracts/'),
    only('platform-below-services', '^libs/platform/', '^libs/(contracts|access|messaging)/'),
    only('imports-below-services', '^libs/imports/', '^libs/(contracts|access|messaging|platform|text)/'),
    only('embedded-runs-the-parts', '^libs/embedded/', '^libs/(contracts|messaging)/'),

    {
      name: 'no-service-imports-another',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-know-no-service',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/testing/' },
      to: { path: '^apps/' },
    },
    {
      name: 'tests-only-in-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/[^/]+/(src|migrations)/', pathNot: '(\\.spec\\.ts$|^libs/testing/)' },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'nobody-needs-the-bench',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { path: '^bench/' },
    },
    {
      name: 'services-run-anywhere',
      comment: 'Only the embedded default and the tests start servers.',
      severity: 'error',
      from: { path: '^apps/[^/]+/(src|migrations)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/embedded/' },
    },

    {
      name: 'repositories-never-look-back',
      severity: 'error',
      from: { path: '\\.repository\\.ts$' },
      to: { path: '\\.(service|handlers)\\.ts$' },
    },
    {
      name: 'services-never-look-back',
      severity: 'error',
      from: { path: '\\.service\\.ts$' },
      to: { path: '\\.handlers\\.ts$' },
    },
    {
      name: 'rules-are-pure',
      severity: 'error',
      from: { path: '\\.rules\\.ts$' },
      to: {
        path: '(\\.(service|handlers|repository)\\.ts$|^libs/(messaging|platform|embedded)/|node_modules/(@nestjs|typeorm|pg)/)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'a-resource-uses-anothers-service',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/([^/]+)/', pathNot: '(\\.spec\\.ts$)' },
      to: { path: '^apps/$1/src/[^/]+/[^/]+\\.(repository|handlers)\\.ts$', pathNot: '^apps/$1/src/$2/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The web app is resolved by other means: apps/web/.dependency-cruiser.cjs.
    exclude: { path: '(^|/)dist/|^apps/web/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
    },
    moduleSystems: ['es6'],
  },
};
