import type { Request } from 'express';

/** The path that was asked for, without the query. Express cuts `request.path` in what is mounted at a path. */
export function pathOf(request: Request): string {
  return request.originalUrl.split('?', 1)[0] ?? '';
}
