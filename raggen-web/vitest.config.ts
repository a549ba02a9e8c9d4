import { defineConfig } from 'vitest/config'

/** `x.test.ts` runs in Node against real SQLite files; `x.test.tsx` shows components in jsdom. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    testTimeout: 20_000,
    globalSetup: ['./test/postgresql-server.ts'],
    projects: [
      { extends: true, test: { name: 'server', environment: 'node', include: ['**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'components', environment: 'jsdom', include: ['src/**/*.test.tsx'] },
      },
    ],
  },
})
