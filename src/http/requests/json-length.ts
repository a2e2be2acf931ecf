/**
 * How many bytes of a body are JSON; the others are binary data (Open Inference Protocol, binary tensor data extension).
 * Without it all are.
 */
export const JSON_LENGTH_HEADER = 'Inference-Header-Content-Length';
