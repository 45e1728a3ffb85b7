import { Checkbox } from 'antd';
import { useTranslation } from 'react-i18next';
import { weekdays } from '../digest/weekdays.js';

interface Props {
  value?: number[];
  onChange?: (days: number[]) => void;
  id?: string;
}

/** Days of the week, 1 to 7. What else a form item hands on, `aria-required`, isn't for a group. */
export function Weekdays({ id, value, onChange }: Props) {
  const { i18n } = useTranslation();
  return <Checkbox.Group<number> {...{ id, value, onChange }} options={weekdays(i18n.language)} />;
}
