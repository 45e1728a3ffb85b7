import type { BulkAction } from '#contracts/bulk';
import { AppError } from '#contracts/errors';
import type { Customer, Edit } from './customer.entity.js';

const MOST_TAGS = 50;

/** What an action edits of a customer. Errors: `rule-violated/customer-deleted`, `rule-violated/too-many-tags`. */
export function editOf(action: BulkAction, { tags, deletedAt }: Pick<Customer, 'tags' | 'deletedAt'>): Edit {
  if (deletedAt) throw new AppError('rule-violated', 'customer-deleted');
  switch (action.type) {
    case 'set-status':
      return { statusId: action.statusId };
    case 'remove-tag':
      return { tags: tags.filter((tag) => tag !== action.tag) };
    case 'add-tag':
      if (tags.includes(action.tag)) return {};
      if (tags.length >= MOST_TAGS) throw new AppError('rule-violated', 'too-many-tags');
      return { tags: [...tags, action.tag] };
  }
}
