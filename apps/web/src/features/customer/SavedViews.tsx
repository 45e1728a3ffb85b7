import { DeleteOutlined, StarOutlined } from '@ant-design/icons';
import { ifMatch } from '#client/headers';
import type { components } from '#client/schema';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Flex, Form, Input, Popover } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { useUser } from '../../api/session.js';
import { useOperation } from '../message/useOperation.js';
import { filterOf } from './customer.queries.js';
import { stateOf, useCustomersState } from './useCustomersState.js';

type SavedView = components['schemas']['SavedView'];
const viewsQuery = queryOptions({
  queryKey: ['saved-views'],
  queryFn: ({ signal }) => client.get('/saved-views', { signal }),
  // Nothing tells what colleagues share: each look asks anew.
  staleTime: 0,
});

/** Filters that somebody has kept under a name; shared ones are everybody's to use. */
export default function SavedViews() {
  const { t } = useTranslation();
  const user = useUser();
  const { state, set } = useCustomersState();
  const [form] = Form.useForm<{ name: string; shared?: boolean }>();
  const [open, setOpen] = useState(false);
  const views = useQuery({ ...viewsQuery, enabled: open }).data?.items;
  const refreshes = [['saved-views']];
  const save = useOperation({
    run: ({ name, shared = false }: { name: string; shared?: boolean }) => {
      const query = JSON.parse(JSON.stringify(filterOf(state))) as components['schemas']['SavedQuery'];
      return client.post('/saved-views', { body: { name, shared, query } });
    },
    what: ({ name }) => t('view.did.save', { name }),
    refreshes,
    onDone: () => form.resetFields(),
  });
  const remove = useOperation({
    run: ({ id, version }: SavedView) =>
      client.delete('/saved-views/{viewId}', { params: { path: { viewId: id }, header: ifMatch(version) } }),
    what: ({ name }) => t('view.did.delete', { name }),
    refreshes,
  });
  const content = (
    <div style={{ width: 260 }}>
      {views?.length === 0 && <p className="quiet">{t('view.none')}</p>}
      {views?.map((view) => (
        <Flex key={view.id} align="center" gap={4}>
          <Button
            type="text"
            size="small"
            style={{ flex: 1, justifyContent: 'flex-start', minWidth: 0 }}
            onClick={() => {
              set(stateOf(view.query));
              setOpen(false);
            }}
          >
            <span className="clipped">{view.name}</span>
            {view.shared && <small className="quiet"> {view.ownerName}</small>}
          </Button>
          {view.ownerId === user.id && (
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={t('view.delete', { name: view.name })}
              onClick={() => remove.mutate(view)}
            />
          )}
        </Flex>
      ))}
      <Form form={form} layout="vertical" style={{ marginTop: 8 }} onFinish={(values) => save.mutate(values)}>
        <Form.Item
          name="name"
          label={t('view.name')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <Input size="small" maxLength={60} />
        </Form.Item>
        <Form.Item name="shared" valuePropName="checked">
          <Checkbox>{t('view.shared')}</Checkbox>
        </Form.Item>
        <Button size="small" htmlType="submit" loading={save.isPending}>
          {t('view.save')}
        </Button>
      </Form>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" open={open} onOpenChange={setOpen} content={content}>
      <Button size="small" icon={<StarOutlined />}>
        {t('view.title')}
      </Button>
    </Popover>
  );
}
