/** The import direction of docs: common <- platform <- crypto, redis <- secrets <- the app; features apart in the web app. */
const layer = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.tsx?$' },
  to: { path: to },
});

export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    layer('contract-imports-nothing', '^packages/contract/', '^(?!packages/contract/)'),
    layer('common-imports-nothing-of-ours', '^src/common/', '^src/(?!common/)'),
    // Health asks the features how they are; it is above them, though it belongs to the platform.
    layer('platform-below-features', '^src/platform/(?!health/)', '^src/(?!common/|platform/(?!health/))'),
    layer(
      'config-above-common-only',
      '^src/platform/config/',
      '^src/(?!common/|platform/(config|http/validation|logging)/)',
    ),
    layer('crypto-below-features', '^src/crypto/', '^src/(?!common/|platform/|crypto/)'),
    layer('redis-below-features', '^src/redis/', '^src/(?!common/|platform/|redis/)'),
    layer(
      'rewrap-above-records',
      '^src/rewrap/',
      '^src/(?!common/|platform/|crypto/|redis/|secrets/record/|files/upload/record/upload-record|rewrap/)',
    ),
    layer('rotation-below-features', '^src/rotation/', '^src/(?!common/|platform/|crypto/|redis/|rotation/)'),
    layer('database-below-features', '^src/database/', '^src/(?!common/|platform/|database/)'),
    layer(
      'secrets-imports-lower-layers',
      '^src/secrets/',
      '^src/(?!common/|platform/|crypto/|redis/|rate-limit/|rotation/|audit/|auth/|secrets/)',
    ),
    layer(
      'audit-below-secrets',
      '^src/audit/',
      '^src/(?!common/|platform/|crypto/|redis/|database/|rotation/|auth/|audit/)',
    ),
    layer(
      'files-imports-lower-layers',
      '^src/files/',
      '^src/(?!common/|platform/|crypto/|redis/|rate-limit/|audit/|auth/|secrets/|files/)',
    ),
    layer('auth-below-features', '^src/auth/', '^src/(?!common/|platform/|crypto/|redis/|rate-limit/|auth/)'),
    layer('nothing-needs-the-administrators-part', '^src/(?!admin/|app\\.module\\.ts)', '^src/admin/'),
    {
      name: 'only-sign-ins-know-openid-connect',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/auth/oidc/' },
      to: { path: 'node_modules/(openid-client|oauth4webapi|jose)/' },
    },
    {
      name: 'only-tracing-knows-opentelemetry',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/tracing/otel-' },
      to: { path: 'node_modules/@opentelemetry/' },
    },
    {
      name: 'only-redis-knows-ioredis',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/redis/' },
      to: { path: 'node_modules/ioredis' },
    },
    {
      name: 'only-database-knows-its-drivers',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/database/' },
      to: { path: 'node_modules/(pg|@electric-sql/pglite|kysely)/' },
    },
    {
      name: 'only-the-s3-store-knows-its-sdk',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/files/store/s3/' },
      to: { path: 'node_modules/@(aws-sdk|smithy)/' },
    },
    {
      name: 'files-see-the-blob-port',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/files/store/|\\.test\\.ts$' },
      to: { path: '^src/files/store/(disk|s3)/' },
    },
    // Scripts are run by the store of a feature, which its use cases call; health asks Redis itself.
    {
      name: 'only-stores-run-scripts',
      severity: 'error',
      from: {
        path: '^src/(?!redis/|platform/health/)[^/]+/',
        pathNot: '(/redis-[^/]+\\.ts|refusal-reply\\.ts|\\.(module|task|scripts?)\\.ts|\\.test\\.ts)$',
      },
      to: { path: '^src/redis/(?!memory/|clock/)' },
    },
    layer('ui-is-shared', '^frontend/src/(components|lib)/', '^frontend/src/(features|app)/'),
    {
      name: 'features-stay-apart',
      severity: 'error',
      from: { path: '^frontend/src/features/([^/]+)/' },
      to: { path: '^frontend/src/features/([^/]+)/', pathNot: '^frontend/src/features/$1/' },
    },
    layer('features-below-app', '^frontend/src/features/', '^frontend/src/app/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
