import type { Express } from 'express';

/** The part of a layer of Express's router that tells where it leads. */
interface RouterLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): unknown;
}

/** Methods that the application has a route for at this path, in upper case; empty if the path is unknown. */
export function allowedMethods(express: Express, path: string): string[] {
  const methods = new Set<string>();
  for (const layer of express.router.stack as unknown as RouterLayer[]) {
    if (layer.route !== undefined && layer.match(path)) {
      Object.keys(layer.route.methods).forEach((method) => methods.add(method.toUpperCase()));
    }
  }
  if (methods.has('GET')) {
    methods.add('HEAD');
  }
  return [...methods].sort();
}
