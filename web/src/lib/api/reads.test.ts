import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SOURCES = import.meta.glob<string>(['/src/**/*.{ts,tsx}', '!/src/**/*.test.ts', '!/src/lib/api/schema.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const [DESCRIPTION = '{}'] = Object.values(
  import.meta.glob<string>('/openapi.json', { query: '?raw', import: 'default', eager: true }),
);

interface Operation {
  'x-reads'?: string[];
}
const described = JSON.parse(DESCRIPTION) as {
  paths: Record<string, { get?: Operation }>;
};

interface Query {
  where: string;
  /** Paths of the API that it asks. */
  paths: string[];
  /** None where it doesn't say. */
  models: Set<string> | null;
}

/** Routes whose answers stay on purpose though a read model changed, and which. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  // who works doesn't change with each booking
  '/api/calendar/doctors': ['calendar'],
};

/** Routes of a whole kind: all catalogues have the routes of one, all stock documents, and all money documents. */
const CATALOGUE = '/api/units';
const STOCK_DOCUMENT = '/api/stock-receipts';
const MONEY_DOCUMENT = '/api/money-outgoes';

/** Every object with a `queryFn` that asks the API, with the models that its `meta` names. */
function queriesOf(file: string, text: string): Query[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lists = new Map<string, ts.Expression>();
  const found: Query[] = [];

  const modelsOf = (list: ts.Expression): string[] => {
    if (ts.isAsExpression(list)) return modelsOf(list.expression);
    if (ts.isIdentifier(list)) return modelsOf(lists.get(list.text) ?? ts.factory.createNull());
    if (!ts.isArrayLiteralExpression(list)) throw new Error(`${file}: models that can't be read`);
    return list.elements.flatMap((one) => {
      if (ts.isSpreadElement(one)) return modelsOf(one.expression);
      return ts.isStringLiteral(one) ? [one.text] : [];
    });
  };

  const pathOf = (asked: ts.Expression): string => {
    if (ts.isStringLiteralLike(asked)) return asked.text;
    const written = asked.getText();
    const money = written.includes('moneyAt(') ? MONEY_DOCUMENT : CATALOGUE;
    const kind = written.includes('documentsAt(') ? STOCK_DOCUMENT : money;
    return ts.isTemplateExpression(asked) ? kind + (asked.templateSpans[0]?.literal.text ?? '') : kind;
  };

  const pathsIn = (node: ts.Node): string[] => {
    const paths: string[] = [];
    const look = (one: ts.Node) => {
      if (ts.isCallExpression(one) && one.expression.getText() === 'api.GET' && one.arguments[0]) {
        paths.push(pathOf(one.arguments[0]));
      }
      ts.forEachChild(one, look);
    };
    look(node);
    return paths;
  };

  const visit = (node: ts.Node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
      lists.set(node.name.text, node.initializer);
    }
    if (ts.isObjectLiteralExpression(node)) {
      const value = (name: string) =>
        node.properties.filter(ts.isPropertyAssignment).find((one) => one.name.getText() === name)?.initializer;
      const queryFn = value('queryFn');
      const paths = queryFn ? pathsIn(queryFn) : [];
      if (paths.length > 0) {
        const meta = value('meta');
        const [listed] = meta && ts.isObjectLiteralExpression(meta) ? meta.properties : [];
        const models = listed && ts.isPropertyAssignment(listed) ? new Set(modelsOf(listed.initializer)) : null;
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        found.push({ where: `${file}:${line}`, paths, models });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const QUERIES = Object.entries(SOURCES).flatMap(([file, text]) => queriesOf(file, text));

describe('what makes an answer stale', () => {
  it('is found in the sources', () => {
    expect(QUERIES.length).toBeGreaterThan(30);
  });

  it.each(QUERIES)('names every read model that the route reads, or none on purpose: $where $paths', (query) => {
    const reads = query.paths.flatMap((path) => {
      const stay = MEANT[path] ?? [];
      return (described.paths[path]?.get?.['x-reads'] ?? []).filter((model) => !stay.includes(model));
    });
    for (const path of query.paths) expect(described.paths).toHaveProperty([path]);
    const { models } = query;
    if (reads.length > 0) expect(models, 'meta.models is missing').not.toBeNull();
    // every event is an entry of the journal: who follows that follows all
    const follows = (model: string) =>
      models === null || models.size === 0 || models.has(model) || models.has('journal');
    expect(reads.filter((model) => !follows(model))).toEqual([]);
  });
});
