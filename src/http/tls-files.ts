import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls';
import { readNamedFile, SettingsError } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';

/** The client begins with it at once, or wants to hold connections. */
const LONGEST_HANDSHAKE_MS = 10_000;

export type TlsSettings = Pick<Settings, 'tlsCertificatePath' | 'tlsKeyPath'>;

/** With which the service proves who it is. Both are PEM. */
export interface TlsFiles {
  /** The service's own, and then those between it and its root. */
  readonly certificate: Buffer;
  readonly key: Buffer;
  readonly validTo: Date;
}

/**
 * @returns the files that the settings name, as they are now; undefined if the settings name none
 * @throws {SettingsError} if they cannot be read, or do not belong together
 */
export function readTlsFiles({ tlsCertificatePath, tlsKeyPath }: TlsSettings): TlsFiles | undefined {
  if (tlsCertificatePath === '' && tlsKeyPath === '') {
    return undefined;
  }
  if (tlsCertificatePath === '' || tlsKeyPath === '') {
    const [set, missing] =
      tlsKeyPath === '' ? ['TLS_CERTIFICATE_PATH', 'TLS_KEY_PATH'] : ['TLS_KEY_PATH', 'TLS_CERTIFICATE_PATH'];
    throw new SettingsError(`${set} is set, but ${missing} is not. Set both, or none for HTTP without TLS.`);
  }
  const certificate = readNamedFile('TLS_CERTIFICATE_PATH', tlsCertificatePath);
  const key = readNamedFile('TLS_KEY_PATH', tlsKeyPath);
  const parsed = parseCertificate(certificate, tlsCertificatePath);
  if (!parsed.checkPrivateKey(parseKey(key, tlsKeyPath))) {
    throw new SettingsError(
      `The key in TLS_KEY_PATH ${tlsKeyPath} does not belong to the first certificate in TLS_CERTIFICATE_PATH ${tlsCertificatePath}. Set the two to files that were made together.`,
    );
  }
  const files = { certificate, key, validTo: parsed.validToDate };
  try {
    createSecureContext(secureContext(files));
  } catch (error) {
    throw new SettingsError(
      `TLS_CERTIFICATE_PATH ${tlsCertificatePath} and TLS_KEY_PATH ${tlsKeyPath} cannot be used: ${(error as Error).message}`,
    );
  }
  return files;
}

/** For a server of TLS 1.2 or later. */
export function secureContext({ certificate, key }: TlsFiles): SecureContextOptions {
  return { cert: certificate, key, minVersion: 'TLSv1.2' };
}

/** @param protocol the only one that the server speaks, by its name in ALPN */
export function tlsServerOptions(files: TlsFiles, protocol: string): TlsOptions {
  return { ...secureContext(files), ALPNProtocols: [protocol], handshakeTimeout: LONGEST_HANDSHAKE_MS };
}

function parseCertificate(pem: Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new SettingsError(
      `TLS_CERTIFICATE_PATH ${path} must be a PEM file that begins with the service's own certificate, but has no certificate that can be read.`,
    );
  }
}

function parseKey(pem: Buffer, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new SettingsError(
      `TLS_KEY_PATH ${path} must be a PEM file of a private key without a passphrase, but has no key that can be read.`,
    );
  }
}
