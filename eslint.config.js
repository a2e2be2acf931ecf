import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const WALL_CLOCK = {
  object: 'Date',
  property: 'now',
  message: 'The clock of the wall may be set back: measure durations with performance.now().',
};

export default defineConfig(
  globalIgnores([
    'dist',
    'bundle',
    'public',
    'coverage',
    'models',
    'test/fixtures',
    'bench/build',
    'bench/peers',
    'client/dist',
    'client/src/api.ts',
  ]),
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config reads the environment.' },
        WALL_CLOCK,
      ],
      'no-restricted-imports': [
        'error',
        ...['process', 'node:process'].map((name) => ({ name, message: 'Use the global process.' })),
      ],
      '@typescript-eslint/explicit-function-return-type': ['error', { allowExpressions: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // DTOs are classes for their decorators' sake; answers in their shape are plain object literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // A Nest module is a class that holds nothing but its decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
    },
  },
  {
    // A DTO's fields are set by class-transformer or by an object literal, never by a constructor.
    files: ['src/**/*.dto.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['src/config/**'],
    rules: { 'no-restricted-properties': ['error', WALL_CLOCK] },
  },
  {
    // The test harness hands its own environment on to the processes that it starts. Examples are programs of their own.
    files: ['test/**', 'bench/**', 'client/scripts/**', 'examples/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/explicit-function-return-type': 'off' },
  },
);
