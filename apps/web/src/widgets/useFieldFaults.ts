import type { FormInstance } from 'antd';
import { useCallback } from 'react';
import { ProblemError } from '#client/problem';

/** Shows what the API found wrong with a field at that field. */
export function useFieldFaults<V>(form: FormInstance<V>): (error: unknown) => void {
  return useCallback(
    (error) => {
      if (!(error instanceof ProblemError)) return;
      const faults = error.faults.map(({ pointer, message }) => ({
        name: pointer
          .split('/')
          .slice(1)
          .map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
        errors: [message],
      }));
      form.setFields(faults as Parameters<typeof form.setFields>[0]);
    },
    [form],
  );
}
