import { ROLES, VIA } from '#contracts/context';
import { can, PERMISSIONS, relationAllows } from './permissions.js';

describe('roles', () => {
  it('lets the administrator do everything', () => {
    expect(PERMISSIONS.filter((permission) => !can({ role: 'administrator' }, permission))).toEqual([]);
  });

  it('lets finance read customers, purchases, money, reminders and digests, book payments, and edit no customer [P3]', () => {
    const finance = PERMISSIONS.filter((permission) => can({ role: 'finance' }, permission));
    expect(finance).toEqual(
      expect.arrayContaining([
        'customers.read',
        'purchases.read',
        'quotes.read',
        'payments.read',
        'payments.write',
        'arrears.read',
        'reminders.read',
        'digests.use',
      ]),
    );
    expect(relationAllows({ via: 'finance' }, 'read')).toBe(true);
    expect(finance).not.toEqual(expect.arrayContaining(['customers.write']));
    for (const closed of [
      'customers.write',
      'customers.import',
      'purchases.write',
      'transfers.use',
      'delegations.use',
    ]) {
      expect(finance).not.toContain(closed);
    }
  });

  it('lets a manager do what a salesperson may with customers of his own [P8]', () => {
    expect(PERMISSIONS.filter((permission) => can({ role: 'manager' }, permission))).toEqual(
      PERMISSIONS.filter((permission) => can({ role: 'salesperson' }, permission)),
    );
  });

  it('keeps users, statuses, the catalogue and sweeps with the administrator', () => {
    for (const role of ROLES.filter((name) => name !== 'administrator')) {
      for (const permission of ['users.manage', 'statuses.manage', 'products.manage', 'sweeps.run'] as const) {
        expect(can({ role }, permission)).toBe(false);
      }
    }
  });
});

describe('relations', () => {
  it('lets a delegate edit and book money, but not delete, transfer or delegate', () => {
    expect(VIA.filter((via) => relationAllows({ via }, 'edit'))).toEqual(['owner', 'delegate', 'admin']);
    expect(VIA.filter((via) => relationAllows({ via }, 'own'))).toEqual(['owner', 'admin']);
    expect(relationAllows({ via: 'delegate' }, 'money')).toBe(true);
  });

  it('lets a manager read, take away, transfer and delegate, and edit only what is delegated to him besides [P8]', () => {
    const allowed = (grant: Parameters<typeof relationAllows>[0]) =>
      (['read', 'edit', 'money', 'dispose', 'own', 'export'] as const).filter((one) => relationAllows(grant, one));
    expect(allowed({ via: 'manager' })).toEqual(['read', 'dispose', 'export']);
    expect(allowed({ via: 'manager', delegationId: crypto.randomUUID() })).toEqual([
      'read',
      'edit',
      'money',
      'dispose',
      'export',
    ]);
  });

  it('lets finance read and book money, and nothing more', () => {
    expect(
      (['read', 'edit', 'money', 'own'] as const).filter((relation) => relationAllows({ via: 'finance' }, relation)),
    ).toEqual(['read', 'money']);
  });
});
