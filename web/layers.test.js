// Each rule about imports is shown to fail by a tree of two files that breaks it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { afterEach, beforeEach, expect, test } from 'vitest';
import rules from './.dependency-cruiser.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'layers-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function broken(files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const found = await cruise(['src'], { ruleSet: { forbidden: rules.forbidden }, validate: true, baseDir: folder, tsPreCompilationDeps: true });
  return found.output.summary.violations.map((one) => one.rule.name);
}

const PLANTED = {
  'no-circle': { 'src/lib/a.ts': "import type { B } from './b'; export type A = B;", 'src/lib/b.ts': "import type { A } from './a'; export type B = A;" },
  'lib-stands-below-components': { 'src/lib/a.ts': "import '../components/b';", 'src/components/b.ts': '' },
  'components-stands-below-entities': { 'src/components/a.ts': "import '../entities/x/b';", 'src/entities/x/b.ts': '' },
  'entities-stands-below-shell': { 'src/entities/x/a.ts': "import '../../features/x/b';", 'src/features/x/b.ts': '' },
  'lib-knows-no-page': {
    'src/lib/a.ts': "import '@tanstack/react-router';",
    'node_modules/@tanstack/react-router/package.json': '{"name": "@tanstack/react-router", "main": "index.js"}',
    'node_modules/@tanstack/react-router/index.js': '',
  },
  'shell-stands-below-features': { 'src/shell/a.ts': "import '../app/b';", 'src/app/b.ts': '' },
  'features-stands-below-app': { 'src/features/x/a.ts': "import '../../app/b';", 'src/app/b.ts': '' },
  'a-feature-knows-no-other': { 'src/features/x/a.ts': "import '../y/b';", 'src/features/y/b.ts': '' },
  'what-is-imported-is-declared': { 'src/lib/a.ts': "import 'left-pad'; import './b';", 'src/lib/b.ts': '' },
  'not-found': { 'src/lib/a.ts': "import './gone'; import './b';", 'src/lib/b.ts': '' },
  'used-by-somebody': { 'src/lib/a.ts': 'export const a = 1;', 'src/lib/b.ts': "import './c';", 'src/lib/c.ts': '' },
};

test('every rule has a tree that breaks it', () => {
  expect(Object.keys(PLANTED).sort()).toEqual(rules.forbidden.map((rule) => rule.name).sort());
});

test.each(Object.keys(PLANTED))('%s is found', async (rule) => {
  expect(await broken(PLANTED[rule])).toContain(rule);
});

test('an import of a lower layer breaks none', async () => {
  const files = { 'src/features/x/a.ts': "import '../../lib/b'; import './c';", 'src/features/x/c.ts': '', 'src/lib/b.ts': '' };
  expect(await broken(files)).toEqual([]);
});
