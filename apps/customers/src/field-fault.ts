import { AppError } from '#contracts/errors';

/** `invalid/validation` that names one field. */
export function fieldFault(pointer: string, code: string, message: string): AppError {
  return new AppError('invalid', 'validation', { errors: [{ pointer, code, message }] });
}
