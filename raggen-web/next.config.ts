import { join } from 'node:path'

import type { NextConfig } from 'next'
import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin('./src/i18n/request.ts')

/** Headers that do not depend on the request. The Content-Security-Policy does (nonce): see src/proxy.ts. */
const SECURITY_HEADERS = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'no-referrer' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  {
    key: 'Permissions-Policy',
    value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  },
]

const config: NextConfig = {
  output: 'standalone',
  // The repository holds other projects: without this, Next looks for a lock file above and may take the wrong root.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // instrumentation.ts reads the migrations at start: no import leads the tracer to them.
  outputFileTracingIncludes: {
    '/*': [
      join('prisma', 'migrations', '**', '*'),
      join('prisma', 'postgresql', 'migrations', '**', '*'),
    ],
  },
  // Images are never resized here, so sharp (some 16 MB of native code) stays out of the build.
  outputFileTracingExcludes: { '*': ['node_modules/@img/**', 'node_modules/sharp/**'] },
  images: { unoptimized: true },
  serverExternalPackages: [
    'better-sqlite3',
    'pg',
    '@prisma/adapter-better-sqlite3',
    '@prisma/adapter-pg',
  ],
  // What src/proxy.ts lets Next buffer of a body: above the limit that the routes answer 413 to.
  experimental: { proxyClientMaxBodySize: '1mb' },
  poweredByHeader: false,
  devIndicators: false,
  headers: () => Promise.resolve([{ source: '/:path*', headers: SECURITY_HEADERS }]),
}

export default withNextIntl(config)
