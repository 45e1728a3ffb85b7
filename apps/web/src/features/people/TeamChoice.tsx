import { useQuery } from '@tanstack/react-query';
import { TreeSelect } from 'antd';
import { useTranslation } from 'react-i18next';
import { treeOf } from '../product/tree.rules.js';
import { teamsQuery } from './team.queries.js';

interface Props {
  value?: string;
  onChange?: (teamId: string | undefined) => void;
  /** Not offered, nor what is below it: a team doesn't stand below itself. */
  except?: string;
  id?: string;
  placeholder?: string;
}

/** A team, out of the tree. */
export function TeamChoice({ value, onChange, except, id, placeholder }: Props) {
  const { t } = useTranslation();
  const { data, isPending } = useQuery(teamsQuery);
  const nodes = treeOf(data?.items ?? []);
  const without = (level: typeof nodes): typeof nodes =>
    level.filter(({ key }) => key !== except).map((node) => ({ ...node, children: without(node.children) }));
  return (
    <TreeSelect
      id={id}
      allowClear
      treeDefaultExpandAll
      loading={isPending}
      fieldNames={{ value: 'key', label: 'title' }}
      treeData={without(nodes)}
      value={value}
      onChange={onChange}
      placeholder={placeholder ?? t('team.none')}
    />
  );
}
