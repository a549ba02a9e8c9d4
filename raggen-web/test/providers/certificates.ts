import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Certificates = { ca: string; cert: string; key: string }

/** A certificate authority of the test's own, and a certificate for 127.0.0.1 that it signed. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'raggen-certificates-'))
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const ca = ['-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=Test Trusted Root CA']
  openssl('req', '-x509', ...ec, ...ca, '-days', '2')
  openssl('req', ...ec, '-keyout', at('key.pem'), '-out', at('csr.pem'), '-subj', '/CN=127.0.0.1')
  writeFileSync(at('san.cnf'), 'subjectAltName=IP:127.0.0.1\n')
  const signed = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial']
  const asked = ['-in', at('csr.pem'), '-out', at('cert.pem'), '-extfile', at('san.cnf')]
  openssl('x509', '-req', ...asked, ...signed, '-days', '2')
  const read = (name: string) => readFileSync(at(name), 'utf8')
  const made = { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
  rmSync(folder, { recursive: true })
  return made
}
