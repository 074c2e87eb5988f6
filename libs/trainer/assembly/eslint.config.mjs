// eslint-disable-next-line @nx/enforce-module-boundaries -- the same rules, but for numbers
import root from '../../../eslint.config.mjs';

export default [
  ...root,
  {
    files: ['**/*.ts'],
    rules: {
      // AssemblyScript's numbers have widths, which TypeScript cannot see, and its casts are prefixes.
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // Its enums are numbers: words of memory are compared with them.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
    },
  },
];
