/** Takes every right to change it from everybody but its owner, whatever the serving role is called. */
export const appendOnly = (table: string) => `
  DO $$ DECLARE serving oid; BEGIN
    FOR serving IN SELECT DISTINCT grantee FROM pg_class, aclexplode(relacl)
      WHERE pg_class.oid = '${table}'::regclass AND grantee NOT IN (0, relowner)
    LOOP
      EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON ${table} FROM %s', serving::regrole);
    END LOOP;
  END $$`;
