/** What is asked of our TypeScript: the strict rules of typescript-eslint that need types, and few of our own. */
import tseslint from '@typescript-eslint/eslint-plugin';

export default [
  ...tseslint.configs['flat/strict-type-checked'],
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      eqeqeq: 'error',
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', 50],
      'no-console': 'error',
      'no-eval': 'error',
      'no-restricted-properties': ['error', { property: 'innerHTML' }, { property: 'outerHTML' }]
    }
  }
];
