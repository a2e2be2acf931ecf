import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeCertificate, TlsFolder } from '../../test/support/tls.js';
import { SettingsError } from '../config/load-settings.js';
import { readTlsFiles, type TlsSettings } from './tls-files.js';

function settingsOf({ certificatePath, keyPath }: TlsFolder): TlsSettings {
  return { tlsCertificatePath: certificatePath, tlsKeyPath: keyPath };
}

it('finds no files where the settings name none', () => {
  expect(readTlsFiles({ tlsCertificatePath: '', tlsKeyPath: '' })).toBeUndefined();
});

it('reads a certificate, those after it, and its key', async () => {
  const [own, other] = [await makeCertificate(), await makeCertificate('root')];
  const chain = { certificate: own.certificate + '\n' + other.certificate, key: own.key };
  const files = readTlsFiles(settingsOf(new TlsFolder(chain)));
  expect(files?.certificate.toString()).toBe(chain.certificate);
  expect(files?.key.toString()).toBe(chain.key);
  expect(files?.validTo).toEqual(new X509Certificate(own.certificate).validToDate);
});

it.each([
  ['TLS_CERTIFICATE_PATH is set, but TLS_KEY_PATH is not.', { tlsKeyPath: '' }],
  ['TLS_KEY_PATH is set, but TLS_CERTIFICATE_PATH is not.', { tlsCertificatePath: '' }],
  ['TLS_CERTIFICATE_PATH cannot be read: ENOENT', { tlsCertificatePath: '/nowhere/tls.crt' }],
  ['TLS_KEY_PATH cannot be read: ENOENT', { tlsKeyPath: '/nowhere/tls.key' }],
])('refuses: %s', async (words, changed) => {
  const settings = settingsOf(new TlsFolder(await makeCertificate()));
  const read = (): unknown => readTlsFiles({ ...settings, ...changed });
  expect(read).toThrow(SettingsError);
  expect(read).toThrow(words);
});

it.each([
  ['no certificate', 'certificate', 'Hello', /TLS_CERTIFICATE_PATH \S+ must be a PEM file/],
  ['no key', 'key', 'Hello', /TLS_KEY_PATH \S+ must be a PEM file of a private key without a passphrase/],
  [
    'a key with a passphrase',
    'key',
    generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
    }).privateKey,
    /without a passphrase/,
  ],
])('refuses a file with %s', async (_what, file, text, words) => {
  const folder = new TlsFolder({ ...(await makeCertificate()), [file]: text });
  expect(() => readTlsFiles(settingsOf(folder))).toThrow(words);
});

it('refuses a key of another certificate', async () => {
  const [own, other] = [await makeCertificate(), await makeCertificate()];
  const folder = new TlsFolder({ certificate: own.certificate, key: other.key });
  expect(() => readTlsFiles(settingsOf(folder))).toThrow(/does not belong to the first certificate/);
});

it('refuses a file that breaks off after its first certificate', async () => {
  const { certificate, key } = await makeCertificate();
  const folder = new TlsFolder({ certificate, key });
  writeFileSync(folder.certificatePath, `${certificate}\n${certificate.slice(0, 200)}`);
  expect(() => readTlsFiles(settingsOf(folder))).toThrow(/cannot be used/);
});
