import { coreOf, fold, foldKeyword, gramsOf } from './folding.rules.js';

/** What a customer is called, and what else it is searched by. */
export interface Named {
  id: string;
  name: string;
  keyword: string;
  phone?: string | null;
  code?: string | null;
  deletedAt?: Date | null;
}

/** What a customer is found by, as the table `customer_names` holds it. `search_text` has a line for each field. */
export function foldedNames({ id, name, keyword, phone, code, deletedAt }: Named, contacts: readonly string[] = []) {
  const searched = [name, keyword, phone, code, ...contacts].flatMap((text) => (text ? [fold(text)] : []));
  return {
    customer_id: id,
    name_folded: fold(name),
    keyword_folded: foldKeyword(keyword),
    name_core: coreOf(name),
    search_text: searched.join('\n'),
    search_grams: gramsOf(...searched),
    deleted: Boolean(deletedAt),
  };
}

/** Whether an edit makes another duplicate check necessary: only what people mean by a name counts. */
export function isRenamed(before: Named, after: Named): boolean {
  const [was, is] = [before, after].map(({ name, keyword }) => [fold(name), foldKeyword(keyword)]);
  return String(was) !== String(is);
}
