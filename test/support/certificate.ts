/** A certificate that signs itself, for localhost, made by openssl. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Why tests with certificates are skipped, or null. */
export const NO_OPENSSL: string | null =
  spawnSync('openssl', ['version']).status === 0 ? null : 'openssl is not installed';

/** Paths of the two files, PEM. */
export function makeCertificate(folder: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(folder, 'collector.crt'), join(folder, 'collector.key')];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', ...made, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}
