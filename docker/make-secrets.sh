#!/bin/sh
# Makes the secrets that docker/compose.yaml mounts, once, in docker/secrets: random, each readable by one container only.
# Run it as root (sudo sh docker/make-secrets.sh): the files belong to the users inside the containers.
# Keep a copy of burnbag_keys apart from the data: without it no stored secret opens.
set -eu
umask 077

folder=${1:-$(dirname "$0")/secrets}
if [ -e "$folder" ]; then
  echo "$folder is there already: nothing was changed" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo 'run this as root: the files belong to the users inside the containers' >&2
  exit 1
fi

app=10001
redis=999
postgres=999

redis_password=$(openssl rand -hex 32)
postgres_password=$(openssl rand -hex 32)
redis_hash=$(printf %s "$redis_password" | openssl dgst -sha256 -r | cut -d ' ' -f 1)

mkdir -p "$folder"
printf '1:%s\n' "$(openssl rand -base64 32)" > "$folder/burnbag_keys"
printf 'redis://burnbag:%s@redis:6379\n' "$redis_password" > "$folder/redis_url"
printf 'postgres://burnbag:%s@postgres:5432/burnbag\n' "$postgres_password" > "$folder/database_url"
printf '%s' "$postgres_password" > "$folder/postgres_password"
# No client can sign in as the default user, whose rights are for the replay of the append-only file (docs/redis.md).
sed "s/PASSWORD_SHA256/$redis_hash/" "$(dirname "$0")/redis-users.acl" > "$folder/redis_users.acl"

chmod 0400 "$folder"/*
chown "$app:$app" "$folder/burnbag_keys" "$folder/redis_url" "$folder/database_url"
chown "$redis:$redis" "$folder/redis_users.acl"
chown "$postgres:$postgres" "$folder/postgres_password"
echo "made $folder"
