import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, post, request } from './support/http.js';
import { RawConnection } from './support/raw-connection.js';
import { type Service, startService } from './support/service.js';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop();
});

describe('the headers of an answer', () => {
  it.each(['/predict', '/nothing', '/health', '/docs', '/docs-json', '/redoc/init.js'])(
    'of %s forbid to guess its type, and do not name the framework',
    async (path) => {
      const { headers } = await request(service.url + path);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('X-Powered-By')).toBeNull();
    },
  );

  it('forbid to guess its type, even for input that is not a request', async () => {
    const connection = await RawConnection.open(service.port);
    await connection.send('no HTTP\r\n\r\n');
    expect(await connection.untilClosed()).toContain('\r\nX-Content-Type-Options: nosniff\r\n');
  });

  it('forbid to keep a prediction', async () => {
    const single = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    const batch = await post(`${service.url}/predict/batch`, { customers: [HIGH_RISK_CUSTOMER] });
    expect([single, batch].map(({ headers }) => headers.get('Cache-Control'))).toEqual([
      'no-store',
      'no-store',
    ]);
  });

  it.each([
    '/docs',
    '/docs/',
    '/docs-json',
    '/redoc',
    '/docs/swagger-ui.css',
    '/what-if',
    '/what-if/page.js',
  ])('of %s have a policy for its scripts', async (path) => {
    const { headers } = await request(service.url + path);
    expect(headers.get('Content-Security-Policy')).toMatch(/^default-src 'none';script-src 'self';/);
  });
});

describe('the docs', () => {
  it.each([
    'package.json',
    'LICENSE',
    'README.md',
    'index.html',
    'swagger-ui.js',
    'swagger-ui-bundle.js.map',
  ])('serve no file that their page does not need: %s', async (file) => {
    expect((await request(`${service.url}/docs/${file}`)).body).toMatchObject({ code: 'not_found' });
  });
});
