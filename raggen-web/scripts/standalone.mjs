/**
 * Next leaves static files out of its standalone folder (a CDN might serve them); raggen serves them
 * itself, so they are copied in after each build. The result, .next/standalone, runs by itself.
 */
import { cpSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const standalone = join(root, '.next', 'standalone')

if (!existsSync(join(standalone, 'server.js'))) {
  console.error(`${standalone}/server.js is missing: run "npm run build" first.`)
  process.exit(1)
}
// A file name that the tracer cannot follow makes it take the whole project, with whatever lies in it.
if (existsSync(join(standalone, 'src'))) {
  console.error(
    `${standalone} has all of the project in it: mark the file access that is to blame with ` +
      '/* turbopackIgnore: true */ (next build names it).',
  )
  process.exit(1)
}
cpSync(join(root, '.next', 'static'), join(standalone, '.next', 'static'), { recursive: true })
if (existsSync(join(root, 'public'))) {
  cpSync(join(root, 'public'), join(standalone, 'public'), { recursive: true })
}
