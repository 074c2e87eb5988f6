import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users, their sessions and tokens. Of every secret only a hash is kept. */
export class Identity1764380000000 implements MigrationInterface {
  name = 'Identity1764380000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'DROP TABLE oidc_attempt, sign_in_failure, setup_token, stream_ticket, api_token, user_session, app_user',
    );
  }
}

const statements = [
  `CREATE TABLE app_user (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('viewer', 'trainer', 'administrator')),
    source text NOT NULL CHECK (source IN ('local', 'proxy', 'oidc')),
    -- Who it is, by the words of whoever vouches: of oidc the issuer and subject, of proxy the header.
    subject text NOT NULL,
    password_hash text,
    is_disabled boolean NOT NULL DEFAULT false,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    last_seen_at timestamptz(3),
    UNIQUE (source, subject)
  )`,
  'CREATE UNIQUE INDEX app_user_name ON app_user (lower(name))',
  `CREATE TABLE user_session (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    secret_hash bytea NOT NULL UNIQUE,
    user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    last_seen_at timestamptz(3) NOT NULL DEFAULT now(),
    expires_at timestamptz(3) NOT NULL,
    user_agent text,
    address text
  )`,
  'CREATE INDEX user_session_user ON user_session (user_id)',
  `CREATE TABLE api_token (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    secret_hash bytea NOT NULL UNIQUE,
    user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
    name text NOT NULL,
    scopes text[] NOT NULL,
    hint text NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    expires_at timestamptz(3),
    last_used_at timestamptz(3)
  )`,
  'CREATE INDEX api_token_user ON api_token (user_id)',
  // A stream that a ticket opened ends with the session or token that the ticket was made with.
  `CREATE TABLE stream_ticket (
    secret_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
    session_id uuid REFERENCES user_session ON DELETE CASCADE,
    token_id uuid REFERENCES api_token ON DELETE CASCADE,
    expires_at timestamptz(3) NOT NULL
  )`,
  `CREATE TABLE setup_token (
    secret_hash bytea PRIMARY KEY,
    created_at timestamptz(3) NOT NULL DEFAULT now()
  )`,
  `CREATE TABLE sign_in_failure (
    key text PRIMARY KEY,
    failures int NOT NULL,
    last_at timestamptz(3) NOT NULL,
    locked_until timestamptz(3)
  )`,
  `CREATE TABLE oidc_attempt (
    state_hash bytea PRIMARY KEY,
    browser_hash bytea NOT NULL,
    code_verifier text NOT NULL,
    nonce text NOT NULL,
    return_to text NOT NULL,
    expires_at timestamptz(3) NOT NULL
  )`,
];
