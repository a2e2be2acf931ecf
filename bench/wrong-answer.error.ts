/** A contender answered otherwise than it must, or not at all. */
export class WrongAnswerError extends Error {
  override readonly name = 'WrongAnswerError';
}
