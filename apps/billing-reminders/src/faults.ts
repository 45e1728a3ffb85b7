import { AppError } from '#contracts/errors';

/** A business rule that a field breaks. `pointer` is its place in the request's body. */
export const ruleViolated = (slug: string, pointer: string, message: string): AppError =>
  new AppError('rule-violated', slug, { errors: [{ pointer, code: slug, message }] });
