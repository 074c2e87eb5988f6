import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import angular from 'angular-eslint';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Who may import whom: three axes of tags (scope, type, platform), none with a star rule. */
const boundaries = [
  {
    sourceTag: 'scope:shared',
    onlyDependOnLibsWithTags: ['scope:shared'],
    allowedExternalImports: ['zod', 'vitest', 'vitest/*', 'tslib', 'node:*'],
  },
  {
    sourceTag: 'scope:web',
    onlyDependOnLibsWithTags: ['scope:web', 'scope:shared'],
    bannedExternalImports: ['@nestjs/*', 'typeorm', 'pg', 'express', '@tensorflow/*', '@duckdb/*'],
  },
  {
    sourceTag: 'scope:api',
    onlyDependOnLibsWithTags: ['scope:api', 'scope:shared', 'scope:trainer'],
    bannedExternalImports: ['@angular/*', 'ng2-charts', 'chart.js', '@tensorflow/*'],
  },
  {
    sourceTag: 'scope:trainer',
    onlyDependOnLibsWithTags: ['scope:shared', 'scope:trainer'],
    bannedExternalImports: ['@nestjs/*', '@angular/*', 'typeorm', 'pg', 'express'],
  },
  // Whoever reports a training installs nothing else.
  {
    sourceTag: 'scope:client',
    onlyDependOnLibsWithTags: ['scope:client'],
    allowedExternalImports: ['vitest', 'vitest/*', 'node:*'],
  },
  {
    sourceTag: 'scope:api-client',
    onlyDependOnLibsWithTags: ['scope:api-client'],
    allowedExternalImports: ['openapi-fetch', 'vitest', 'vitest/*', 'node:*'],
  },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'platform:any', onlyDependOnLibsWithTags: ['platform:any'] },
  { sourceTag: 'platform:node', onlyDependOnLibsWithTags: ['platform:node', 'platform:any'] },
  { sourceTag: 'platform:browser', onlyDependOnLibsWithTags: ['platform:browser', 'platform:any'] },
];

/** Attributes that nobody reads. */
const wiring = [
  ...['accept', 'action', 'autocapitalize', 'closedby', 'content', 'data-testid', 'download', 'inputmode', 'matButton'],
  ...['mode', 'preserveAspectRatio', 'queryParamsHandling', 'rel', 'scope', 'testId'],
  ...[
    'ariaCurrentWhenActive',
    'aria-autocomplete',
    'aria-controls',
    'aria-current',
    'aria-describedby',
    'aria-haspopup',
  ],
  ...['aria-keyshortcuts', 'aria-labelledby', 'aria-live', 'aria-orientation'],
];

export default tseslint.config(
  { ignores: ['**/dist', '**/.angular', '**/.nx', '**/coverage', '**/node_modules', '**/tmp', 'data/**'] },
  // Generated; a test of the API holds it against the description.
  { ignores: ['clients/api/src/schema.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [eslint.configs.recommended, ...tseslint.configs.recommendedTypeChecked, ...tseslint.configs.stylistic],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        emitDecoratorMetadata: true,
        experimentalDecorators: true,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Nest modules and Angular's root components are classes with a decorator and nothing else.
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    files: ['**/*.spec.ts', '**/testing/**/*.ts'],
    rules: {
      // supertest bodies and JSON.parse of what a server sent are any by nature; a spec asserts on them.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      'no-restricted-properties': [
        'error',
        { object: 'it', property: 'only', message: 'a focused test hides the others' },
        { object: 'describe', property: 'only', message: 'a focused test hides the others' },
        { object: 'test', property: 'only', message: 'a focused test hides the others' },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    extends: [eslint.configs.recommended],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        setImmediate: 'readonly',
        clearInterval: 'readonly',
        performance: 'readonly',
        fetch: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts', '**/*.mjs'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: boundaries },
      ],
    },
  },
  {
    files: ['apps/web/**/*.ts'],
    extends: [...angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: { '@angular-eslint/prefer-on-push-component-change-detection': 'error' },
  },
  {
    files: ['apps/web/src/app/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
    rules: {
      // The words of the page are translated, its marks and wiring are not.
      '@angular-eslint/template/i18n': ['error', { checkId: false, ignoreAttributes: wiring }],
    },
  },
  prettier,
);
