/**
 * Lets a script import raggen-web's own sources: Node takes the types out of them; what it lacks is how
 * imports are written there. Import it first.
 */
import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const source = pathToFileURL(`${dirname(import.meta.dirname)}/src/`)

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
