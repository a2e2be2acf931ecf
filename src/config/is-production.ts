/** Whether this is said to be a production process, as the image does. Only a warning depends on it. */
export function isProduction(): boolean {
  return process.env['NODE_ENV'] === 'production';
}
