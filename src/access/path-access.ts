/** Which paths are open to whom. */
export interface PathAccess {
  /** Whatever is not among these needs a key, so that a route that is added later does. */
  readonly openPaths: readonly RegExp[];
  /** Pages for people: a browser may send the key as the password of Basic authentication, for which it asks. */
  readonly pagePaths: readonly RegExp[];
}

export function matches(paths: readonly RegExp[], path: string): boolean {
  return paths.some((pattern) => pattern.test(path));
}
