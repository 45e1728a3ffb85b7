import { FilterOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Badge, Button, Checkbox, Form, Input, Popover, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useUser } from '../../api/session.js';
import { NARROW, useMedia } from '../../widgets/useMedia.js';
import { TeamChoice } from '../people/TeamChoice.js';
import { Colleague } from '../user/Colleague.js';
import { tagsQuery } from './customer.queries.js';
import { useCustomersState, type CustomersState } from './useCustomersState.js';

const FILTERS = ['owner', 'team', 'tag', 'relation', 'createdFrom', 'createdTo', 'noFollowUpSince', 'deleted'] as const;
const NONE = Object.fromEntries(FILTERS.map((name) => [name, undefined])) as CustomersState;

/** The further filters of zone 2, behind a button that says how many are on. */
export default function CustomerFilters() {
  const { t } = useTranslation();
  const user = useUser();
  const { state, set } = useCustomersState();
  const narrow = useMedia(NARROW);
  const tags = useQuery(tagsQuery).data?.items ?? [];
  const on = FILTERS.filter((name) => state[name] !== undefined).length;
  const date = (name: 'createdFrom' | 'createdTo' | 'noFollowUpSince') => (
    <Form.Item label={t(`customer.${name}`)} htmlFor={`filter-${name}`}>
      <Input
        id={`filter-${name}`}
        type="date"
        value={state[name] ?? ''}
        onChange={({ target }) => set({ [name]: target.value || undefined })}
      />
    </Form.Item>
  );
  const content = (
    <Form layout="vertical" style={{ width: 300 }}>
      <Form.Item label={t('customer.owner')} htmlFor="filter-owner">
        <Colleague id="filter-owner" value={state.owner} onChange={(owner) => set({ owner })} />
      </Form.Item>
      {user.role !== 'salesperson' && (
        <Form.Item label={t('team.one')} htmlFor="filter-team">
          <TeamChoice
            id="filter-team"
            placeholder={t('team.all')}
            value={state.team}
            onChange={(team) => set({ team })}
          />
        </Form.Item>
      )}
      <Form.Item label={t('customer.relation')} htmlFor="filter-relation">
        <Select
          id="filter-relation"
          allowClear
          value={state.relation}
          onChange={(relation?: string) => set({ relation })}
          options={(['owned', 'delegated'] as const).map((value) => ({
            value,
            label: t(`customer.relations.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item label={t('customer.tags')} htmlFor="filter-tag">
        <Select
          id="filter-tag"
          allowClear
          showSearch
          value={state.tag}
          onChange={(tag?: string) => set({ tag })}
          options={tags.map(({ tag, count }) => ({ value: tag, label: `${tag} (${count})` }))}
        />
      </Form.Item>
      <div className="two-columns">
        {date('createdFrom')}
        {date('createdTo')}
      </div>
      {date('noFollowUpSince')}
      {user.role === 'administrator' && (
        <Form.Item>
          <Checkbox
            checked={state.deleted === 'true'}
            onChange={({ target }) => set({ deleted: target.checked ? 'true' : undefined })}
          >
            {t('customer.bin')}
          </Checkbox>
        </Form.Item>
      )}
      <Button size="small" disabled={on === 0} onClick={() => set(NONE)}>
        {t('customer.clearFilters')}
      </Button>
    </Form>
  );
  return (
    <Popover trigger="click" placement={narrow ? 'bottom' : 'bottomRight'} content={content}>
      <Badge count={on} size="small">
        <Button size="small" icon={<FilterOutlined />}>
          {t('customer.filters')}
        </Button>
      </Badge>
    </Popover>
  );
}
