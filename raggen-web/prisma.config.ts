import { defineConfig } from 'prisma/config'

/** For Prisma's command line only; the server makes its own connection (src/db/database.ts). */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.RAGGEN_WEB_DATABASE_URL ?? 'file:./data/raggen.db' },
})
