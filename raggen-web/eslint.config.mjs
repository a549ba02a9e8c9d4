import nextVitals from 'eslint-config-next/core-web-vitals'
import nextTypescript from 'eslint-config-next/typescript'
import prettier from 'eslint-config-prettier/flat'

/**
 * The picture in ARCHITECTURE.md, checked: app → chat → {db, embed, llm};
 * index, memory, search → {db, embed}; transfer → db.
 * A zone says: files in `target` may not import files in `from` (but those in `except`).
 */
const ZONES = [
  {
    target: ['./src/db', './src/embed', './src/llm'],
    from: './src/chat',
    except: ['./message.ts', './settings.ts', './id.ts'],
    message: 'The edges do not know the chat: only its message types.',
  },
  {
    target: ['./src/db', './src/embed', './src/llm', './src/chat'],
    from: './src/index',
    message: 'Nothing below the application knows the indexer.',
  },
  {
    target: ['./src/db', './src/embed', './src/llm', './src/chat', './src/index'],
    from: ['./src/search', './src/transfer'],
    message: 'Only the application knows search and transfer.',
  },
  {
    target: './src/search',
    from: ['./src/chat', './src/llm', './src/index', './src/transfer'],
    except: ['./message.ts', './settings.ts', './id.ts'],
    message: 'search → {db, embed} only.',
  },
  {
    target: './src/transfer',
    from: ['./src/chat', './src/embed', './src/llm', './src/index', './src/search'],
    except: ['./message.ts', './settings.ts', './id.ts', './storable.ts'],
    message: 'transfer → db only.',
  },
  { target: './src/db', from: ['./src/embed', './src/llm'], message: 'db stands alone.' },
  {
    target: './src/metrics',
    from: './src',
    except: ['./metrics'],
    message: 'metrics is the lowest layer: others tell it, it asks nobody.',
  },
  { target: './src/embed', from: ['./src/db', './src/llm'], message: 'embed stands alone.' },
  { target: './src/llm', from: ['./src/db', './src/embed'], message: 'llm stands alone.' },
  {
    target: './src/index',
    from: ['./src/chat', './src/llm'],
    except: ['./message.ts', './settings.ts', './id.ts'],
    message: 'index → {db, embed} only.',
  },
  {
    target: './src/memory',
    from: ['./src/chat', './src/llm', './src/index'],
    except: ['./message.ts', './settings.ts', './id.ts', './storable.ts'],
    message: 'memory → {db, embed} only.',
  },
  {
    target: ['./src/chat', './src/db', './src/embed', './src/llm', './src/index'],
    from: './src/memory',
    message: 'Only the application governs memory.',
  },
  {
    target: [
      './src/chat',
      './src/memory',
      './src/index',
      './src/db',
      './src/embed',
      './src/llm',
      './src/search',
      './src/transfer',
      './src/runtime.ts',
    ],
    from: ['./src/app', './src/components'],
    message: 'The middle does not know the edge that shows it.',
  },
  {
    target: './src/components',
    from: [
      './src/db',
      './src/llm',
      './src/embed',
      './src/index',
      './src/search',
      './src/transfer',
      './src/runtime.ts',
    ],
    message: 'Components speak to the server by HTTP alone.',
  },
  {
    target: './src/components',
    from: './src/memory',
    except: ['./wire.ts'],
    message: 'Components share what goes over the wire with the server, nothing else.',
  },
  {
    target: './src/components',
    from: './src/chat',
    except: ['./message.ts', './settings.ts', './id.ts'],
    message: 'Components share the message types with the server, nothing else.',
  },
]

/** Prisma's types never leave src/db. */
const PRISMA_ONLY_IN_DB = {
  patterns: [
    {
      group: ['@prisma/*', '**/db/generated*/**', 'better-sqlite3', 'pg'],
      message: 'Only src/db knows Prisma and SQLite: use one of its repositories.',
    },
  ],
}

const config = [
  {
    ignores: [
      '.next/**',
      'node_modules/**',
      'src/db/generated/**',
      'src/db/generated-postgresql/**',
      'next-env.d.ts',
    ],
  },
  ...nextVitals,
  ...nextTypescript,
  {
    files: ['**/*.{ts,tsx,mjs}'],
    settings: { 'import/resolver': { typescript: { project: import.meta.dirname } } },
    rules: {
      'import/no-cycle': 'error',
      'import/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: ZONES }],
      'import/order': [
        'error',
        { 'newlines-between': 'always', alphabetize: { order: 'asc', caseInsensitive: true } },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/db/**'],
    rules: { 'no-restricted-imports': ['error', PRISMA_ONLY_IN_DB] },
  },
  // A test may come in by the door that users take.
  { files: ['**/*.test.{ts,tsx}'], rules: { 'import/no-restricted-paths': 'off' } },
  { files: ['scripts/**'], rules: { 'no-console': 'off' } },
  prettier,
]

export default config
