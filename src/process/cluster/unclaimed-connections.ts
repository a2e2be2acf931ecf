import type { Worker } from 'node:cluster';

/** A message between node:cluster and a worker about a connection. */
interface ClusterMessage {
  readonly act?: string;
  readonly seq?: number;
  readonly ack?: number;
}

/**
 * Gives the connections that a worker was offered, but had not taken when it ended, to another worker, or closes them if
 * there is none. node:cluster forgets them, and keeps them open: their clients would wait for ever.
 *
 * Node has no public way to see the offers. If a later Node changes how it makes them, this does nothing.
 *
 * @param isAnotherListening whether another worker would take a connection
 */
export function passOnUnclaimedConnections(worker: Worker, isAnotherListening: () => boolean): void {
  const child = worker.process;
  if (child.pid === undefined) {
    return;
  }
  const offers = new Set<number>();
  const send = child.send.bind(child) as (...parts: unknown[]) => boolean;
  child.send = (...parts: unknown[]) => {
    const { act, seq } = parts[0] as ClusterMessage;
    if (act === 'newconn' && seq !== undefined) {
      offers.add(seq);
    }
    return send(...parts);
  };
  child.on('internalMessage', ({ ack }: ClusterMessage) => {
    if (ack !== undefined) {
      offers.delete(ack);
    }
  });
  let isDisconnected = false;
  worker.once('disconnect', () => {
    isDisconnected = true;
    for (const seq of offers) {
      // node:cluster offers a connection that was not accepted to another worker, and closes its copy of one that was.
      const accepted = !isAnotherListening();
      child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack: seq, accepted });
    }
  });
  // A worker that was killed before it read an offer is not always said to be disconnected; then it would get more of them.
  child.once('exit', () => {
    setImmediate(() => {
      if (!isDisconnected) {
        child.emit('disconnect');
      }
    });
  });
}
