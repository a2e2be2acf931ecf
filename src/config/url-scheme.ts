import type { Settings } from './settings.js';

/** By which the service is asked. */
export type UrlScheme = 'http' | 'https';

export function urlSchemeOf({ tlsCertificatePath }: Pick<Settings, 'tlsCertificatePath'>): UrlScheme {
  return tlsCertificatePath === '' ? 'http' : 'https';
}
