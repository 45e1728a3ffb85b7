/*
 * Who gets what, written by hand and from the specification alone: nothing here is taken from the product's own tables.
 * A line for each route. A route without a line fails the suite, and so does a line without a route.
 */

export const ROLES = ['anonymous', 'salesperson', 'manager', 'finance', 'administrator'] as const;

// prettier-ignore
export const BY_ROLE: Record<string, readonly number[]> = {
  //                                     anonymous sales manager finance admin
  'POST /auth/login':                       [200, 200, 200, 200, 200],
  'POST /auth/refresh':                     [200, 200, 200, 200, 200],
  'POST /auth/logout':                      [401, 204, 204, 204, 204],
  'POST /auth/logout-all':                  [401, 204, 204, 204, 204],
  'GET /me':                                [401, 200, 200, 200, 200],
  'PATCH /me':                              [401, 200, 200, 200, 200],
  'POST /me/password':                      [401, 204, 204, 204, 204],

  'GET /users':                             [401, 403, 403, 403, 200],
  'POST /users':                            [401, 403, 403, 403, 201],
  'GET /users/directory':                   [401, 200, 200, 200, 200],
  'GET /users/:userId':                     [401, 403, 403, 403, 200],
  'PATCH /users/:userId':                   [401, 403, 403, 403, 200],
  'POST /users/:userId/disable':            [401, 403, 403, 403, 200],
  'POST /users/:userId/enable':             [401, 403, 403, 403, 200],
  'POST /users/:userId/reset-password':     [401, 403, 403, 403, 200],

  'GET /users/:userId/holdings':            [401, 403, 403, 403, 200],
  'POST /users/:userId/hand-over/preview':  [401, 403, 403, 403, 200],
  'POST /users/:userId/hand-over':          [401, 403, 403, 403, 201],
  'GET /hand-overs':                        [401, 403, 403, 403, 200],
  'POST /hand-overs/:handOverId/undo':      [401, 403, 403, 403, 200],

  'GET /settings':                          [401, 200, 200, 200, 200],
  'PATCH /settings':                        [401, 403, 403, 403, 200],
  'GET /api-tokens':                        [401, 200, 200, 200, 200],
  'POST /api-tokens':                       [401, 201, 201, 201, 201],

  'GET /teams':                             [401, 200, 200, 200, 200],
  'POST /teams':                            [401, 403, 403, 403, 201],
  'PATCH /teams/:teamId':                   [401, 403, 403, 403, 200],
  'DELETE /teams/:teamId':                  [401, 403, 403, 403, 204],

  'GET /customer-statuses':                 [401, 200, 200, 200, 200],
  'POST /customer-statuses':                [401, 403, 403, 403, 201],
  'PATCH /customer-statuses/:statusId':     [401, 403, 403, 403, 200],
  'DELETE /customer-statuses/:statusId':    [401, 403, 403, 403, 204],

  'GET /custom-fields':                     [401, 200, 200, 200, 200],
  'POST /custom-fields':                    [401, 403, 403, 403, 201],
  'PATCH /custom-fields/:fieldId':          [401, 403, 403, 403, 200],
  'DELETE /custom-fields/:fieldId':         [401, 403, 403, 403, 204],
  'GET /saved-views':                       [401, 200, 200, 200, 200],
  'POST /saved-views':                      [401, 201, 201, 201, 201],
  'GET /customer-tags':                     [401, 200, 200, 200, 200],
  'GET /statistics/funnel':                 [401, 200, 200, 200, 200],
  'GET /statistics/new-customers':          [401, 200, 200, 200, 200],
  'POST /customers/bulk':                   [401, 200, 200, 403, 200],

  'GET /customers':                         [401, 200, 200, 200, 200],
  'POST /customers':                        [401, 201, 201, 403, 201],
  'POST /customers/duplicate-check':        [401, 200, 200, 403, 200],
  'GET /follow-ups/due':                    [401, 200, 200, 200, 200],
  'GET /audit':                             [401, 403, 403, 403, 200],
  'GET /transfers':                         [401, 200, 200, 403, 200],
  'GET /delegations':                       [401, 200, 200, 403, 200],

  'GET /product-categories':                [401, 200, 200, 200, 200],
  'POST /product-categories':               [401, 403, 403, 403, 201],
  'PATCH /product-categories/:categoryId':  [401, 403, 403, 403, 200],
  'DELETE /product-categories/:categoryId': [401, 403, 403, 403, 204],
  'GET /products':                          [401, 200, 200, 200, 200],
  'POST /products':                         [401, 403, 403, 403, 201],
  'GET /products/:productId':               [401, 200, 200, 200, 200],
  'PATCH /products/:productId':             [401, 403, 403, 403, 200],
  'DELETE /products/:productId':            [401, 403, 403, 403, 204],

  'GET /arrears':                           [401, 200, 200, 200, 200],
  'GET /arrears/summary':                   [401, 200, 200, 200, 200],
  'GET /service-fees':                      [401, 200, 200, 200, 200],
  'GET /service-fees/forecast':             [401, 200, 200, 200, 200],
  'GET /purchases':                         [401, 200, 200, 200, 200],
  'GET /statistics/sales':                  [401, 200, 200, 200, 200],
  'GET /reminders':                         [401, 200, 200, 200, 200],
  'GET /dunning-notices':                   [401, 200, 200, 200, 200],
  'POST /reminder-sweeps':                  [401, 403, 403, 403, 200],
  'GET /digest-subscriptions':              [401, 200, 200, 200, 200],
  'POST /digest-subscriptions':             [401, 201, 201, 201, 201],
  'GET /digests':                           [401, 200, 200, 200, 200],
  'POST /digests/preview':                  [401, 200, 200, 200, 200],

  'GET /events':                            [401, 200, 200, 200, 200],
  'GET /customers/export':                  [401, 200, 200, 403, 200],
  'GET /purchases/export':                  [401, 200, 200, 200, 200],
  'GET /arrears/export':                    [401, 200, 200, 200, 200],
  'GET /service-fees/export':               [401, 200, 200, 200, 200],
  'GET /reminders/export':                  [401, 200, 200, 200, 200],
  'GET /audit/export':                      [401, 403, 403, 403, 200],

  'POST /imports/customers':                [401, 202, 202, 403, 202],
  'POST /imports/products':                 [401, 403, 403, 403, 202],
  'POST /imports/purchases':                [401, 202, 202, 403, 202],
  'POST /imports/payments':                 [401, 202, 202, 202, 202],

  'GET /api/openapi.json':                  [200, 200, 200, 200, 200],
  'GET /api/docs':                          [200, 200, 200, 200, 200],
  'GET /health/live':                       [200, 200, 200, 200, 200],
  'GET /health/ready':                      [200, 200, 200, 200, 200],
};

/**
 * How one stands to a customer. `active` is a delegate of that customer, `covering` one of all that the owner has.
 * `managing` is the manager of the owner's team, `above` of one above it, `foreign` of another.
 */
export const RELATIONS = [
  'anonymous', 'owner', 'former', 'stranger', 'scheduled', 'expired', 'revoked', 'active', 'covering', 'managing',
  'above', 'foreign', 'finance', 'administrator',
] as const; // prettier-ignore

/** Routes about one customer, whether the path names him or the body. */
// prettier-ignore
export const BY_RELATION: Record<string, readonly number[]> = {
  //                                                  anonymous owner former stranger scheduled expired revoked active covering managing above foreign finance admin
  'GET /customers/:customerId':                               [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],
  'PATCH /customers/:customerId':                             [401, 200, 404, 404, 404, 404, 404, 200, 200, 403, 403, 404, 403, 200],
  'DELETE /customers/:customerId':                            [401, 204, 404, 404, 404, 404, 404, 403, 403, 403, 403, 404, 403, 204],
  'POST /customers/:customerId/restore':                      [401, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 200],
  'GET /customers/:customerId/print':                         [401, 200, 404, 404, 404, 404, 404, 403, 403, 200, 200, 404, 403, 200],

  'GET /customers/:customerId/contacts':                       [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],
  'POST /customers/:customerId/contacts':                      [401, 201, 404, 404, 404, 404, 404, 201, 201, 403, 403, 404, 403, 201],
  'GET /customers/:customerId/contacts/:contactId':            [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],
  'PATCH /customers/:customerId/contacts/:contactId':          [401, 200, 404, 404, 404, 404, 404, 200, 200, 403, 403, 404, 403, 200],
  'DELETE /customers/:customerId/contacts/:contactId':         [401, 204, 404, 404, 404, 404, 404, 204, 204, 403, 403, 404, 403, 204],
  'GET /customers/:customerId/log':                           [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],
  'GET /customers/:customerId/follow-ups':                     [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],
  'POST /customers/:customerId/follow-ups':                    [401, 201, 404, 404, 404, 404, 404, 201, 201, 403, 403, 404, 403, 201],

  'POST /transfers/preview':                                  [401, 200, 404, 404, 404, 404, 404, 403, 403, 200, 200, 404, 403, 200],
  'POST /transfers':                                          [401, 201, 404, 404, 404, 404, 404, 403, 403, 201, 201, 404, 403, 201],
  'POST /dunning-notices':                                    [401, 201, 404, 404, 404, 404, 404, 201, 201, 201, 201, 404, 201, 201],
  'GET /dunning-notices/combined':                            [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],
  'POST /delegations':                                        [401, 201, 404, 404, 404, 404, 404, 403, 403, 201, 201, 404, 403, 201],

  'GET /customers/:customerId/purchases':                     [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],
  'POST /customers/:customerId/purchases':                    [401, 201, 404, 404, 404, 404, 404, 201, 201, 403, 403, 404, 403, 201],
  'GET /customers/:customerId/purchases/:purchaseId':         [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],
  'PATCH /customers/:customerId/purchases/:purchaseId':       [401, 200, 404, 404, 404, 404, 404, 200, 200, 403, 403, 404, 403, 200],
  'POST /customers/:customerId/purchases/:purchaseId/void':   [401, 200, 404, 404, 404, 404, 404, 200, 200, 403, 403, 404, 403, 200],
  'GET /customers/:customerId/purchases/:purchaseId/payments':
                                                              [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],
  'POST /customers/:customerId/purchases/:purchaseId/payments':
                                                              [401, 201, 404, 404, 404, 404, 404, 201, 201, 403, 403, 404, 201, 201],
  'POST /customers/:customerId/purchases/:purchaseId/renewals':
                                                              [401, 201, 404, 404, 404, 404, 404, 201, 201, 403, 403, 404, 403, 201],
  'GET /customers/:customerId/quotes':                        [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],
  'POST /customers/:customerId/quotes':                       [401, 201, 404, 404, 404, 404, 404, 201, 201, 403, 403, 404, 403, 201],
  'GET /customers/:customerId/quotes/:quoteId':               [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],
  'PATCH /customers/:customerId/quotes/:quoteId':             [401, 200, 404, 404, 404, 404, 404, 200, 200, 403, 403, 404, 403, 200],
  'DELETE /customers/:customerId/quotes/:quoteId':            [401, 204, 404, 404, 404, 404, 404, 204, 204, 403, 403, 404, 403, 204],
  'POST /customers/:customerId/quotes/:quoteId/convert':      [401, 201, 404, 404, 404, 404, 404, 201, 201, 403, 403, 404, 403, 201],
  'GET /customers/:customerId/last-prices':                   [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],

  'GET /reminders/:reminderId':                               [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 200, 200],
  'POST /reminders/:reminderId/acknowledge':                  [401, 200, 404, 404, 404, 404, 404, 200, 200, 403, 403, 404, 200, 200],
  'POST /reminders/:reminderId/snooze':                       [401, 200, 404, 404, 404, 404, 404, 200, 200, 403, 403, 404, 200, 200],
  'POST /reminders/:reminderId/promise':                      [401, 200, 404, 404, 404, 404, 404, 200, 200, 403, 403, 404, 200, 200],
  'POST /reminders/:reminderId/dispute':                      [401, 200, 404, 404, 404, 404, 404, 200, 200, 403, 403, 404, 200, 200],
  'POST /reminders/:reminderId/close':                        [401, 200, 404, 404, 404, 404, 404, 200, 200, 403, 403, 404, 200, 200],
};

/** What a program may with an API token of the owner's that names `customers.read` alone. */
export const BY_TOKEN = [
  'GET /customers',
  'GET /customers/:customerId',
  'GET /customers/:customerId/contacts',
  'GET /customers/:customerId/contacts/:contactId',
  'GET /customers/:customerId/log',
  'GET /customers/:customerId/follow-ups',
  'GET /follow-ups/due',
  'GET /customer-tags',
];

/**
 * How one stands to a thing that belongs to somebody. `party`: it was given to him; where there is no such side to it,
 * he stands in for whom it belongs to, which gives him nothing here.
 */
export const SIDES = ['anonymous', 'own', 'party', 'managing', 'stranger', 'finance', 'administrator'] as const;

// prettier-ignore
export const BY_SIDE: Record<string, readonly number[]> = {
  //                                            anonymous own party managing stranger finance admin
  'POST /transfers/:transferId/undo':               [401, 200, 403, 403, 404, 403, 200],
  'POST /delegations/:delegationId/revoke':         [401, 200, 403, 200, 404, 403, 200],
  'GET /delegations/:delegationId/summary':         [401, 200, 200, 200, 404, 403, 200],
  'PATCH /saved-views/:viewId':                     [401, 200, 404, 404, 404, 404, 404],
  'DELETE /saved-views/:viewId':                    [401, 204, 404, 404, 404, 404, 404],
  'DELETE /api-tokens/:tokenId':                   [401, 204, 404, 404, 404, 404, 404],
  'DELETE /digest-subscriptions/:subscriptionId':   [401, 204, 404, 404, 404, 404, 204],
  'GET /dunning-notices/:noticeId':                 [401, 200, 200, 200, 404, 200, 200],
  'GET /digests/:digestId':                         [401, 200, 404, 404, 404, 404, 200],
  'GET /imports/:importId':                         [401, 200, 404, 404, 404, 404, 200],
  'GET /imports/:importId/errors.csv':              [401, 200, 404, 404, 404, 404, 200],
};
