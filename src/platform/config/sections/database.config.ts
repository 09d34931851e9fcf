import { text } from '../config.schema.js';
import { endpointUrl } from '../endpoint-url.js';

/** The database of the audit trail. */
export const databaseArea = {
  url: text({
    env: 'DATABASE_URL',
    doc: 'PostgreSQL 14+ (postgres://), for the audit trail; all replicas use the same. Empty: an embedded one in DATA_DIR.',
    fallback: undefined,
    secret: true,
    check: endpointUrl({
      schemes: ['postgres', 'postgresql'],
      path: 'any',
      login: true,
      query: true,
      socket: true,
    }),
  }),
};
