import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const forbid = (group, message) => ({ patterns: [{ group, message }] });

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/lib/api/schema.ts', '*.config.*', 'public'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  jsxA11y.flatConfigs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { project: './tsconfig.app.json', tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'react-hooks': reactHooks },
    rules: {
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
    // Layers: lib <- components <- features <- app; a feature doesn't know another feature.
    files: ['src/lib/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        forbid(['@/app/*', '@/features/*', '@/components/*'], 'lib stands below the others'),
      ],
    },
  },
  {
    files: ['src/components/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        forbid(['@/app/*', '@/features/*'], 'components stand below features and app'),
      ],
    },
  },
  {
    files: ['src/features/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        forbid(
          ['@/features/*', '@/app/router', '@/app/Shell'],
          'a feature imports components and lib, no other feature',
        ),
      ],
    },
  },
);
