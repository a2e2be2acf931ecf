export const HIGH_RISK_CUSTOMER = {
  tenure_months: 6,
  monthly_charges: 79.99,
  total_charges: 479.94,
  num_products: 1,
  has_support_calls: 1,
};

export const LOW_RISK_CUSTOMER = {
  tenure_months: 48,
  monthly_charges: 45,
  total_charges: 2160,
  num_products: 3,
  has_support_calls: 0,
};

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly requestId: string;
  /** The parsed JSON, whatever its media type. */
  readonly body: Record<string, unknown>;
}

/** Sends text as it is, or anything else as JSON. */
export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return toAnswer(
    await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    }),
  );
}

export async function request(url: string, init: RequestInit = {}): Promise<Answer> {
  return toAnswer(await fetch(url, { redirect: 'manual', ...init }));
}

async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    requestId: response.headers.get('X-Request-Id') ?? '',
    body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}
