import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

import { StartFailure } from '@/errors'

/** Encrypts what must not be readable in the database file or a copy of it. */
export type Secrets = {
  /** `owner` is bound to the result: a row copied to another owner does not decrypt. */
  encrypt: (plain: string, owner: string) => string
  decrypt: (sealed: string, owner: string) => string
}

const KEY_BYTES = 32
const IV_BYTES = 12
const FORMAT = 'v1'

/** Reads the key file, or makes it with mode 0600; `wx` so that two starts cannot make two keys. */
function readOrMakeKey(path: string): Buffer {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`, {
      mode: 0o600,
      flag: 'wx',
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new StartFailure(
        `The key file ${path} cannot be made: point RAGGEN_WEB_SECRET_FILE at a folder that raggen may write to.`,
        { cause: error },
      )
    }
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64')
  if (key.length !== KEY_BYTES) {
    throw new StartFailure(
      `The key file ${path} does not hold ${KEY_BYTES} bytes in base64. Restore it from a backup, or ` +
        'remove it: raggen makes a new one, and the keys of model servers must be entered again.',
    )
  }
  return key
}

/** AES-256-GCM with a fresh random IV per value (NIST SP 800-38D, 8.2.2). Format: v1.iv.tag.ciphertext. */
export function openSecrets(path: string): Secrets {
  const key = readOrMakeKey(path)
  return {
    encrypt(plain, owner) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(owner))
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      const parts = [iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))
      return [FORMAT, ...parts].join('.')
    },
    decrypt(sealed, owner) {
      const [format, iv = '', tag = '', text = ''] = sealed.split('.')
      if (format !== FORMAT) throw new Error('unknown format of an encrypted value')
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), {
        authTagLength: 16,
      })
      decipher.setAAD(Buffer.from(owner)).setAuthTag(Buffer.from(tag, 'base64url'))
      return Buffer.concat([
        decipher.update(Buffer.from(text, 'base64url')),
        decipher.final(),
      ]).toString('utf8')
    },
  }
}
