import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key that access tokens are signed with. */
@Entity('signing_keys')
export class SigningKey {
  @PrimaryColumn('text') kid: string;
  /** The public half, as a JWK. */
  @Column('jsonb', { name: 'public_jwk' }) publicJwk: { kty: string; crv: string; x: string };
  /** The private half, as a JWK sealed with the service's secret. */
  @Column('text', { name: 'sealed_jwk' }) sealedJwk: string;
  /** It signs from here until the next one does. */
  @Column('timestamptz', { name: 'signs_from' }) signsFrom: Date;
}
