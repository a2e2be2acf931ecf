const IPV4_WITH_PORT = /^(?<address>[\d.]+):\d+$/;
const IPV6_IN_BRACKETS = /^\[(?<address>[\da-f:.]+)\](:\d+)?$/i;

/** Some proxies, such as those of Azure, write `203.0.113.1:1234` or `[2001:db8::1]:1234` into `X-Forwarded-For`. */
export function addressWithoutPort(text: string): string {
  const match = IPV4_WITH_PORT.exec(text) ?? IPV6_IN_BRACKETS.exec(text);
  return match?.groups?.['address'] ?? text;
}
