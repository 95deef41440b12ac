import { ArrayNotEmpty, IsIn, IsString, Matches } from 'class-validator';
import 'reflect-metadata';
import { DATABASE_ROLES, KAFKA_ROLES, Read, Variable } from './environment-variable.js';
import { SASL_MECHANISMS } from './kafka-security.js';

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** The variables that say where Kafka and the database are, and how they let us in. */
export class ConnectionVariables {
  @Variable('Kafka brokers, as `host:port`, several separated by commas.', {
    roles: KAFKA_ROLES,
    requiredBy: ['ingress', 'normaliser', 'projector', 'topics'],
  })
  @Read(list)
  @ArrayNotEmpty({ message: 'must name at least one broker, as host:port' })
  @Matches(/^[^\s:/]+:\d{1,5}$|^\[[0-9A-Fa-f:]+\]:\d{1,5}$/, {
    each: true,
    message: 'must be host:port, several separated by commas',
  })
  KAFKA_BROKERS?: string[];

  @Variable('Client id towards Kafka.', { unset: '`quittance-` and the name of the app' })
  @Matches(/^[A-Za-z0-9._-]{1,100}$/, { message: 'must be 1 to 100 letters, digits, dots, dashes or underscores' })
  KAFKA_CLIENT_ID?: string;

  @Variable(
    'Whether connections to Kafka are encrypted, and certificate and name of the brokers checked: `on` or `off`.',
    { roles: KAFKA_ROLES, unset: '`off`', see: 'security.md#kafka' },
  )
  @IsIn(['on', 'off'], { message: 'must be on or off' })
  KAFKA_TLS?: 'on' | 'off';

  @Variable('Kafka: path of the certificates (PEM) that must have signed those of the brokers.', {
    roles: KAFKA_ROLES,
    unset: 'those that Node trusts',
  })
  @IsString()
  KAFKA_CA_FILE?: string;

  @Variable('Kafka: path of our own certificate chain (PEM), where the brokers ask for one.', { roles: KAFKA_ROLES })
  @IsString()
  KAFKA_CERT_FILE?: string;

  @Variable('Kafka: path of the private key (PEM). Together with `KAFKA_CERT_FILE`.', { roles: KAFKA_ROLES })
  @IsString()
  KAFKA_KEY_FILE?: string;

  @Variable(`How we log in to Kafka: ${SASL_MECHANISMS.join(', ')}. Needs KAFKA_TLS, also where it is off.`, {
    roles: KAFKA_ROLES,
    unset: 'not at all, or by our certificate',
    see: 'security.md#kafka',
  })
  @IsIn(SASL_MECHANISMS, { message: `must be one of ${SASL_MECHANISMS.join(', ')}` })
  KAFKA_SASL_MECHANISM?: (typeof SASL_MECHANISMS)[number];

  @Variable('Kafka: the user that we log in as.', { roles: KAFKA_ROLES })
  @IsString()
  KAFKA_USERNAME?: string;

  @Variable('Kafka: path of a file that holds the password. It is read again for every connection.', {
    roles: KAFKA_ROLES,
  })
  @IsString()
  KAFKA_PASSWORD_FILE?: string;

  @Variable('Kafka: the password itself, where there is no file.', { roles: KAFKA_ROLES })
  @IsString()
  KAFKA_PASSWORD?: string;

  @Variable('PostgreSQL, as `postgresql://user:password@host:5432/database`.', {
    roles: DATABASE_ROLES,
    requiredBy: ['projector', 'migration'],
  })
  @Matches(/^postgres(ql)?:\/\/(?:[^\s%]|%[0-9A-Fa-f]{2})+$/, {
    message: 'must look like postgresql://user:password@host:5432/database',
  })
  DATABASE_URL?: string;

  @Variable(
    'PostgreSQL: path of the certificates (PEM) that must have signed its own. Set: TLS, with its name checked.',
    { roles: DATABASE_ROLES, see: 'security.md#postgresql' },
  )
  @IsString()
  DATABASE_CA_FILE?: string;

  @Variable(
    'PostgreSQL: path of a file that holds the password; `DATABASE_URL` then has none. Read when the process starts.',
    { roles: DATABASE_ROLES },
  )
  @IsString()
  DATABASE_PASSWORD_FILE?: string;
}
