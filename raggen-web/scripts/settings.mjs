/**
 * raggen-web's settings, read from src/env.ts as the server reads it. Without arguments: their JSON
 * schema on stdout, for the reference page. With `--check`: 1 and sentences on stderr where the
 * environment cannot be used.
 */
import { source } from './sources.mjs'

const { parseEnv, Variables } = await import(new URL('env.ts', source))
if (process.argv.includes('--check')) {
  try {
    parseEnv(process.env)
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
} else {
  const { z } = await import('zod')
  const schema = z.toJSONSchema(Variables, { io: 'input', unrepresentable: 'any' })
  // zod leaves out a default that stands behind a transformation.
  for (const [name, value] of Object.entries(Variables.parse({}))) {
    if (value !== undefined) schema.properties[name].default ??= value
  }
  process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`)
}
