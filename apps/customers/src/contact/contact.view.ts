import type { Contact as ShownContact } from '#contracts/contacts';
import type { Contact } from './contact.entity.js';

export const viewOf = (contact: Contact): ShownContact => ({
  id: contact.id,
  customerId: contact.customerId,
  name: contact.name,
  title: contact.title ?? undefined,
  phone: contact.phone ?? undefined,
  mobile: contact.mobile ?? undefined,
  email: contact.email ?? undefined,
  wechat: contact.wechat ?? undefined,
  birthday: contact.birthday ?? undefined,
  note: contact.note ?? undefined,
  primary: contact.primary,
  createdAt: contact.createdAt.toISOString(),
  updatedAt: contact.updatedAt.toISOString(),
  version: contact.version,
});
