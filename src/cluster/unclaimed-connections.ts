import type { Worker } from 'node:cluster';

/** What node:cluster and a worker say to each other about a connection. */
interface ClusterMessage {
  readonly act?: string;
  readonly seq?: number;
  readonly ack?: number;
}

/**
 * Gives the connections that a worker was offered, but had not taken when it ended, to the others. node:cluster forgets
 * them, and keeps them open: their clients would wait for ever.
 *
 * Node has no public way to see the offers. Should it change how it makes them, this does nothing.
 */
export function passOnUnclaimedConnections(worker: Worker): void {
  const child = worker.process;
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
      child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack: seq, accepted: false });
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
