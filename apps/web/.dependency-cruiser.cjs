/**
 * The web app stands on the public API alone: it may import the client, the contracts' shapes and the roles' table.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'on-the-public-api-alone',
      severity: 'error',
      from: { path: '^apps/web/src/' },
      to: { path: '^(apps|libs)/', pathNot: '^apps/web/|^libs/(contracts|access|client)/' },
    },
    {
      name: 'widgets-know-no-feature',
      severity: 'error',
      from: { path: '^apps/web/src/widgets/' },
      to: { path: '^apps/web/src/features/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    webpackConfig: { fileName: 'apps/web/.resolve.cjs' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'browser', 'default', 'types'],
    },
    moduleSystems: ['es6'],
  },
};
