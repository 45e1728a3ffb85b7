import type { FormInstance } from 'antd';
import { useCallback, useEffect, useState } from 'react';

/**
 * Keeps what is typed into a form until it is saved or given up, so that a reload loses nothing. `key` names what is
 * edited; a draft that was found is put into the form when it appears, and `restored` says so.
 */
export function useDraft<V extends object>(form: FormInstance<V>, key: string) {
  const name = `hfx.draft.${key}`;
  const [restored, setRestored] = useState(() => localStorage.getItem(name) !== null);
  useEffect(() => {
    const draft = localStorage.getItem(name);
    if (draft !== null) form.setFieldsValue(JSON.parse(draft) as Parameters<typeof form.setFieldsValue>[0]);
  }, [form, name]);
  const keep = useCallback(() => localStorage.setItem(name, JSON.stringify(form.getFieldsValue(true))), [form, name]);
  const drop = useCallback(() => {
    localStorage.removeItem(name);
    setRestored(false);
  }, [name]);
  return { restored, keep, drop };
}
