import { AppError, type FieldFault } from '#contracts/errors';

/** A business rule that a field breaks. `pointer` is its place in the request's body. */
export const ruleViolated = (slug: string, pointer: string, message: string): AppError =>
  new AppError('rule-violated', slug, { errors: [{ pointer, code: slug, message }] });

/** A field that can't be meant. */
export const invalidField = (pointer: string, code: string, message: string, params?: FieldFault['params']): AppError =>
  new AppError('invalid', 'validation', { errors: [{ pointer, code, message, ...(params && { params }) }] });

/** Runs `act`; what it says of a field is said of the field below `prefix`. */
export function at<T>(prefix: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof AppError) || !Array.isArray(error.details['errors'])) throw error;
    const errors = (error.details['errors'] as FieldFault[]).map((fault) => ({
      ...fault,
      pointer: prefix + fault.pointer,
    }));
    throw new AppError(error.kind, error.slug, { ...error.details, errors });
  }
}
