import { ProblemError, type FieldFault } from '#client/problem';
import type { FormInstance } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsOf } from './faultsOf.js';

/** Shows what is wrong with a field at that field: what our own check found, or what the API refused. */
export function useFieldFaults<V>(form: FormInstance<V>): (found: unknown) => void {
  const { t } = useTranslation();
  return useCallback(
    (found) => {
      const own = Array.isArray(found);
      const faults = own ? (found as FieldFault[]) : found instanceof ProblemError ? found.faults : [];
      const fields = faults.map((fault) => ({
        name: fault.pointer
          .split('/')
          .slice(1)
          .map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
        // The API speaks the user's language; the schema by itself doesn't.
        errors: [own ? wordsOf(fault, t) : fault.message],
      }));
      form.setFields(fields as Parameters<typeof form.setFields>[0]);
      const [first] = fields;
      if (first) form.scrollToField(first.name as Parameters<typeof form.scrollToField>[0], { focus: true });
    },
    [form, t],
  );
}
