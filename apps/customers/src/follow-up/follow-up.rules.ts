import { AppError } from '#contracts/errors';

/** The dates of a follow-up, as business dates. */
export interface Dates {
  occurredOn: string;
  nextOn: string | null;
}

/**
 * What is entered was said already, and is gone on with afterwards. Errors, each naming its field:
 * `rule-violated/date-in-future`, `rule-violated/next-before-follow-up`.
 */
export function checkDates({ occurredOn, nextOn }: Dates, today: string): void {
  if (occurredOn > today) throw wrongDate('date-in-future', '/occurredAt', 'After today');
  if (nextOn !== null && nextOn < occurredOn) {
    throw wrongDate('next-before-follow-up', '/nextOn', 'Before the follow-up itself');
  }
}

const wrongDate = (slug: string, pointer: string, message: string) =>
  new AppError('rule-violated', slug, { errors: [{ pointer, code: slug, message }] });
