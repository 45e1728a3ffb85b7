import { Controller, Get, Patch } from '@nestjs/common';
import { PERMISSIONS } from '#access/permissions';
import { findCustomerOfReminder } from '#contracts/reminders';
import { CONTROLLERS } from '../controllers.js';
import { Route } from './route.js';
import { methodsAt, routeTable } from './route-table.js';

const table = routeTable(CONTROLLERS);

it('is the API of SPEC.md, as far as the services answer it', () => {
  const api = table.filter(({ path }) => path.startsWith('/api/v1/'));
  const routes = api.map(({ method, path }) => `${method} ${path.replace('/api/v1', '').replace(/:\w+/g, '{}')}`);
  expect(routes.sort()).toEqual(
    [
      'POST /auth/login',
      'POST /auth/refresh',
      'POST /auth/logout',
      'POST /auth/logout-all',
      'GET /me',
      'PATCH /me',
      'POST /me/password',
      'GET /users/{}/holdings',
      'POST /users/{}/hand-over/preview',
      'POST /users/{}/hand-over',
      'GET /hand-overs',
      'POST /hand-overs/{}/undo',
      'GET /api-tokens',
      'POST /api-tokens',
      'DELETE /api-tokens/{}',
      'GET /settings',
      'PATCH /settings',
      'GET /teams',
      'POST /teams',
      'PATCH /teams/{}',
      'DELETE /teams/{}',
      'GET /users',
      'POST /users',
      'GET /users/directory',
      'GET /users/{}',
      'PATCH /users/{}',
      'POST /users/{}/disable',
      'POST /users/{}/enable',
      'POST /users/{}/reset-password',
      'GET /customer-statuses',
      'POST /customer-statuses',
      'PATCH /customer-statuses/{}',
      'DELETE /customer-statuses/{}',
      'GET /custom-fields',
      'POST /custom-fields',
      'PATCH /custom-fields/{}',
      'DELETE /custom-fields/{}',
      'GET /saved-views',
      'POST /saved-views',
      'PATCH /saved-views/{}',
      'DELETE /saved-views/{}',
      'GET /customer-tags',
      'GET /statistics/funnel',
      'GET /statistics/new-customers',
      'POST /customers/bulk',
      'GET /customers',
      'POST /customers',
      'POST /customers/duplicate-check',
      'GET /customers/{}',
      'PATCH /customers/{}',
      'DELETE /customers/{}',
      'POST /customers/{}/restore',
      'GET /customers/{}/contacts',
      'POST /customers/{}/contacts',
      'GET /customers/{}/contacts/{}',
      'PATCH /customers/{}/contacts/{}',
      'DELETE /customers/{}/contacts/{}',
      'GET /customers/{}/follow-ups',
      'POST /customers/{}/follow-ups',
      'GET /follow-ups/due',
      'GET /customers/{}/log',
      'GET /audit',
      'GET /audit/export',
      'GET /transfers',
      'POST /transfers',
      'POST /transfers/preview',
      'POST /transfers/{}/undo',
      'GET /delegations',
      'GET /delegations/{}/summary',
      'POST /delegations',
      'POST /delegations/{}/revoke',
      'GET /product-categories',
      'POST /product-categories',
      'PATCH /product-categories/{}',
      'DELETE /product-categories/{}',
      'GET /products',
      'POST /products',
      'GET /products/{}',
      'PATCH /products/{}',
      'DELETE /products/{}',
      'GET /customers/{}/purchases',
      'POST /customers/{}/purchases',
      'GET /customers/{}/purchases/{}',
      'PATCH /customers/{}/purchases/{}',
      'POST /customers/{}/purchases/{}/void',
      'GET /customers/{}/purchases/{}/payments',
      'POST /customers/{}/purchases/{}/payments',
      'POST /customers/{}/purchases/{}/renewals',
      'GET /customers/{}/quotes',
      'POST /customers/{}/quotes',
      'GET /customers/{}/quotes/{}',
      'PATCH /customers/{}/quotes/{}',
      'DELETE /customers/{}/quotes/{}',
      'POST /customers/{}/quotes/{}/convert',
      'GET /customers/{}/last-prices',
      'GET /arrears',
      'GET /arrears/summary',
      'GET /service-fees',
      'GET /service-fees/forecast',
      'GET /purchases',
      'GET /statistics/sales',
      'GET /reminders',
      'GET /reminders/{}',
      'POST /reminders/{}/acknowledge',
      'POST /reminders/{}/snooze',
      'POST /reminders/{}/promise',
      'POST /reminders/{}/dispute',
      'POST /reminders/{}/close',
      'POST /reminder-sweeps',
      'GET /dunning-notices',
      'POST /dunning-notices',
      'GET /dunning-notices/combined',
      'GET /dunning-notices/{}',
      'GET /digest-subscriptions',
      'POST /digest-subscriptions',
      'DELETE /digest-subscriptions/{}',
      'GET /digests',
      'GET /digests/{}',
      'POST /digests/preview',
      'POST /imports/customers',
      'POST /imports/products',
      'POST /imports/purchases',
      'POST /imports/payments',
      'GET /imports/{}',
      'GET /imports/{}/errors.csv',
      'GET /customers/export',
      'GET /arrears/export',
      'GET /purchases/export',
      'GET /service-fees/export',
      'GET /reminders/export',
      'GET /customers/{}/print',
      'GET /events',
    ].sort(),
  );
});

it('declares a permission that exists for every route; only signing in, health and the description are public [P6]', () => {
  for (const { access } of table) expect(['public', ...PERMISSIONS]).toContain(access);
  expect(table.filter(({ access }) => access === 'public').map(({ path }) => path)).toEqual([
    '/api/v1/auth/login',
    '/api/v1/auth/refresh',
    '/api/openapi.json',
    '/api/docs',
    '/health/live',
    '/health/ready',
  ]);
});

it('lets only what changes the password or signs out before a password change', () => {
  const open = table.filter(({ beforePasswordChange }) => beforePasswordChange).map(({ path }) => path);
  expect(open).toEqual(['/api/v1/auth/logout', '/api/v1/me', '/api/v1/me/password']);
});

it('refuses a route that declares nothing', () => {
  @Controller('x')
  class Careless {
    @Get()
    list() {}
  }
  expect(() => routeTable([Careless])).toThrow('Careless.list declares no permission');
});

it('refuses a route about a customer that names no relation, and the reverse', () => {
  @Controller('customers')
  class Careless {
    @Patch(':customerId')
    @Route({ access: 'customers.write', summary: '' })
    update() {}
  }
  @Controller('x')
  class Confused {
    @Get()
    @Route({ access: 'customers.read', relation: 'read', summary: '' })
    list() {}
  }
  @Controller('reminders')
  class Forgetful {
    @Get(':reminderId')
    @Route({ access: 'reminders.read', customerOf: findCustomerOfReminder, summary: '' })
    get() {}
  }
  expect(() => routeTable([Careless])).toThrow('must name a relation');
  expect(() => routeTable([Confused])).toThrow('must name a relation');
  expect(() => routeTable([Forgetful])).toThrow('must name a relation');
});

it('refuses a route judged in the answer that looks at more than the id before', () => {
  @Controller('customers')
  class Hasty {
    @Patch(':customerId')
    @Route({ access: 'customers.write', relation: 'edit', judgedInAnswer: true, summary: '' })
    update() {}
  }
  expect(() => routeTable([Hasty])).toThrow('Hasty.update must be judged before');
});

it('knows which methods a path is served under', () => {
  expect(methodsAt(table, '/api/v1/customers?limit=1')).toEqual(['GET', 'POST']);
  expect(methodsAt(table, '/api/v1/customers/17')).toEqual(['GET', 'PATCH', 'DELETE']);
  expect(methodsAt(table, '/api/v1/customers/')).toEqual([]);
  expect(methodsAt(table, '/api/v1/nothing')).toEqual([]);
});
