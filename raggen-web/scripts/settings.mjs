/**
 * raggen-web's settings, read from src/env.ts as the server reads it. Without arguments: their JSON
 * schema on stdout, for the reference page. With `--check`: 1 and sentences on stderr where the
 * environment cannot be used. Node takes the types out of the sources; what it lacks is how imports
 * are written here.
 */
import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const source = pathToFileURL(`${dirname(import.meta.dirname)}/src/`)

function pathOf(specifier, parent) {
  if (specifier.startsWith('@/')) return new URL(specifier.slice(2), source)
  const isOurs = /^\.\.?\//.test(specifier) && parent?.startsWith(source.href)
  return isOurs ? new URL(specifier, parent) : null
}

registerHooks({
  resolve(specifier, context, next) {
    const url = pathOf(specifier, context.parentURL)
    const file = url && `${url.href}.ts`
    return next(file && existsSync(fileURLToPath(file)) ? file : specifier, context)
  },
})

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
