/**
 * Has the slices of a list worked on, a few at a time, and joins the results in the order of the list. The first failure stops the
 * others.
 *
 * @param work gets the index of the slice's first item, too
 */
export async function inSlices<Item, Result>(
  items: readonly Item[],
  { sliceLength, atOnce }: { readonly sliceLength: number; readonly atOnce: number },
  work: (slice: Item[], first: number, signal: AbortSignal) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const stop = new AbortController();
  const results: (readonly Result[])[] = [];
  let next = 0;
  const workOn = async (): Promise<void> => {
    while (next < items.length && !stop.signal.aborted) {
      const first = next;
      next += sliceLength;
      results[first / sliceLength] = await work(items.slice(first, next), first, stop.signal);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, workOn));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
  return results.flat();
}
