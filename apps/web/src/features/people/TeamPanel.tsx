import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Tree } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../widgets/Panel.js';
import { treeOf } from '../product/tree.rules.js';
import { teamsQuery, type Team } from './team.queries.js';
import { useTeamOperations } from './useTeamOperations.js';

const TeamForm = lazy(() => import('./TeamForm.js'));
const ALL = 'all';

/** The tree of teams; the chosen one filters the users, and is what its commands are about. */
export function TeamPanel({
  chosen,
  onChoose,
}: {
  chosen: string | undefined;
  onChoose: (teamId: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const teams = useQuery(teamsQuery).data?.items;
  const [opened, setOpened] = useState<{ team?: Team }>();
  const { remove } = useTeamOperations();
  const current = teams?.find(({ id }) => id === chosen);
  const nodes = useMemo(() => {
    const named = (teams ?? []).map((team) => ({ ...team, name: `${team.name} (${team.memberCount})` }));
    return [{ key: ALL, title: t('team.all'), children: treeOf(named) }];
  }, [teams, t]);
  const commands = (
    <>
      <Button
        size="small"
        icon={<PlusOutlined />}
        aria-label={t('team.add')}
        title={t('team.add')}
        onClick={() => setOpened({})}
      />
      <Button
        size="small"
        icon={<EditOutlined />}
        disabled={!current}
        aria-label={t('team.edit')}
        title={t('team.edit')}
        onClick={() => setOpened({ team: current })}
      />
      <Button
        size="small"
        danger
        icon={<DeleteOutlined />}
        disabled={!current}
        aria-label={t('team.delete')}
        title={t('team.delete')}
        onClick={() => current && remove.mutate(current, { onSuccess: () => onChoose(undefined) })}
      />
    </>
  );
  return (
    <Panel title={t('team.many')} extra={commands}>
      {teams && (
        <Tree
          // A tree opens only what it has when it appears.
          key={teams.length}
          blockNode
          defaultExpandAll
          selectedKeys={[chosen ?? ALL]}
          treeData={nodes}
          onSelect={([key]) => onChoose(key === undefined || key === ALL ? undefined : String(key))}
        />
      )}
      <Suspense>{opened && <TeamForm {...opened} parentId={chosen} onClose={() => setOpened(undefined)} />}</Suspense>
    </Panel>
  );
}
