import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as send } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { onTestFinished } from 'vitest';

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;

/** A certificate of this machine that signs itself, and its key. Both are PEM. */
export async function makeCertificate(name = 'localhost'): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    notBeforeDate: new Date(Date.now() - DAY_MS),
    notAfterDate: new Date(Date.now() + DAY_MS),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  return { certificate: cert, key };
}

/** The files of a service that speaks TLS, which a test may write anew. They are deleted when the test has finished. */
export class TlsFolder {
  private readonly folder = mkdtempSync(join(tmpdir(), 'churn-tls-'));
  readonly certificatePath = join(this.folder, 'tls.crt');
  readonly keyPath = join(this.folder, 'tls.key');

  constructor(files: Certificate) {
    this.write(files);
    onTestFinished(() => {
      rmSync(this.folder, { recursive: true });
    });
  }

  get environment(): Record<string, string> {
    return { TLS_CERTIFICATE_PATH: this.certificatePath, TLS_KEY_PATH: this.keyPath };
  }

  write({ certificate, key }: Certificate): void {
    writeFileSync(this.certificatePath, certificate);
    writeFileSync(this.keyPath, key);
  }
}

/** Sends a request on a connection of its own to a service whose certificate must be this one. @returns status and body */
export async function secureRequest(
  url: string,
  { certificate }: Pick<Certificate, 'certificate'>,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number;
    body: Record<string, unknown>;
  }>();
  const request = send(
    url.replace('localhost', '127.0.0.1'),
    {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'Content-Type': 'application/json' },
      ca: certificate,
      agent: false,
    },
    (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? NaN, body: JSON.parse(text) as Record<string, unknown> });
      });
    },
  );
  request.on('error', reject);
  request.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}
