import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

// What people type is read by lib/typed: the library's own fields turn what they don't understand into something else,
// or forget what nobody chose.
const OWN_FIELDS = [
  {
    group: ['@mantine/dates'],
    importNames: ['DateInput', 'DatePickerInput', 'DateTimePicker', 'TimeInput', 'TimePicker'],
    message: 'use DateField, PeriodField or ClockField of components/fields',
  },
  {
    group: ['@mantine/core'],
    importNames: ['Autocomplete', 'MultiSelect', 'NumberInput', 'TagsInput'],
    message: 'use a field of components/fields',
  },
];

// A PC's clock is wrong by hours and days, and its zone isn't the clinic's: only lib/clock.ts asks it.
const LOCAL_PARTS =
  /^(get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset)$|^toLocale(Date|Time)String$/;
const noPcClock = {
  create(context) {
    const report = (node, message) => context.report({ node, message });
    const now = 'the present is clinicNow of lib/time, or serverTime of lib/clock; the PC may be wrong';
    const isDate = (node) => node.type === 'Identifier' && node.name === 'Date';
    const isDayjs = ({ type, name, object }) =>
      name === 'dayjs' || (type === 'MemberExpression' && object.name === 'dayjs');
    return {
      NewExpression(node) {
        if (isDate(node.callee) && node.arguments.length === 0) report(node, now);
      },
      CallExpression(node) {
        if (isDate(node.callee) || (isDayjs(node.callee) && node.arguments.length === 0)) report(node, now);
      },
      MemberExpression(node) {
        const name = node.property.name ?? '';
        if (isDate(node.object) && name === 'now') report(node, now);
        if (node.object.name === 'Temporal' && name === 'Now') report(node, now);
        if (LOCAL_PARTS.test(name)) report(node, 'parts of a moment by the PC’s zone: use lib/time, or the UTC ones');
      },
      JSXAttribute(node) {
        if (node.name.name === 'highlightToday') report(node, 'marks the PC’s today: getDayProps={markToday(today)}');
      },
    };
  },
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/lib/api/schema.ts', 'src/lib/api/limits.ts', 'src/lib/api/labels.ts', 'limits.js', 'limits.test.js', 'labels.test.js', '*.config.*', '.dependency-cruiser.mjs', 'layers.test.js', 'public'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  jsxA11y.flatConfigs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { project: './tsconfig.app.json', tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'react-hooks': reactHooks, denta: { rules: { 'no-pc-clock': noPcClock } } },
    rules: {
      'denta/no-pc-clock': 'error',
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      // Routes leave by throwing redirects and not-found marks; that is the router's own contract.
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      'jsx-a11y/no-autofocus': 'off',
    },
  },
  {
    // A list that is searched by typing is a Choice: what nobody chose is not sent, and Enter chooses.
    files: ['src/**/*.tsx'],
    ignores: ['src/components/fields/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='searchable']", message: 'use Choice of components/fields' },
        { selector: "JSXOpeningElement[name.name='form']", message: 'use Form of components/fields' },
      ],
    },
  },
  {
    // Which layer may import which stands in .dependency-cruiser.mjs.
    files: ['src/**'],
    ignores: ['src/components/fields/**', 'src/app/theme.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: OWN_FIELDS }] },
  },
);
