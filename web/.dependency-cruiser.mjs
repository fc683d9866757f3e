// Layers: lib <- components <- entities <- shell <- features <- app; a feature doesn't know another feature; nothing runs in a circle,
// types included: a file that can't be understood without another one that can't be understood without it is one file.
const LAYERS = ['lib', 'components', 'entities', 'shell', 'features', 'app'];

const belowOthers = LAYERS.slice(0, -1).map((layer, floor) => ({
  name: `${layer}-stands-below-${LAYERS[floor + 1]}`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: `^src/(${LAYERS.slice(floor + 1).join('|')})/` },
}));

export default {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    ...belowOthers,
    {
      name: 'lib-knows-no-page',
      comment: 'addresses and widgets stand in the layers above',
      severity: 'error',
      from: { path: '^src/lib/' },
      to: { path: 'node_modules/(@tanstack/react-router|@mantine)/' },
    },
    {
      name: 'a-feature-knows-no-other',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'what-is-imported-is-declared',
      severity: 'error',
      from: { path: '^src' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    { name: 'not-found', severity: 'error', from: { path: '^src' }, to: { couldNotResolve: true, pathNot: '\\?' } },
    {
      name: 'used-by-somebody',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: ['\\.d\\.ts$', '\\.css$'] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.app.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default', 'types'] },
  },
};
