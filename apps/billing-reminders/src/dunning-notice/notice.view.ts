import type { Doer } from '#contracts/event';
import { noticeIssued, noticePrinted, type DunningNotice } from '#contracts/dunning-notices';
import { newEvent, type NewEvent } from '#messaging/outbox';
import type { NewNotice, NoticeRow } from './notice.repository.js';

export const viewOf = ({ content, issuedForId, createdAt, prints, ...row }: NoticeRow): DunningNotice => ({
  ...row,
  ...content,
  ...(issuedForId && { issuedForId }),
  prints,
  createdAt: createdAt.toISOString(),
});

/** A letter never changes: version 1, for ever. */
export const issued = ({ content, ...notice }: NewNotice | NoticeRow, by: Doer | null): NewEvent =>
  newEvent(noticeIssued, {
    aggregateId: notice.id,
    version: 1,
    by,
    data: {
      ...{ id: notice.id, number: notice.number, customerId: notice.customerId, issuedOn: notice.issuedOn },
      ...{ language: content.language, payBy: content.payBy, total: content.total },
      purchaseIds: content.lines.map(({ purchaseId }) => purchaseId),
    },
  });

/** Each print is a fact of its own. */
export const printed = (printId: string, { id: noticeId, number, customerId }: DunningNotice, by: Doer): NewEvent =>
  newEvent(noticePrinted, { aggregateId: printId, version: 1, by, data: { noticeId, number, customerId } });
