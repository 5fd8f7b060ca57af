#!/usr/bin/env bash
# The image without a registry: a base out of Debian's packages under the name in FROM, a build, and every part run from it.
#
#   infra/image_by_hand.sh base  [amd64|arm64]       as root; mmdebstrap, for the other processor qemu-user-static too
#   infra/image_by_hand.sh build [final|demo]        with the base that was made last
#   infra/image_by_hand.sh run   [final|demo]        migrate, then each part: is it well, and does it end when asked to?
#
# `base` hides a python:3.13-slim that is here: `docker rmi` it afterwards, or pull it again. `run` needs a database and a
# Redis that may be written to: SHOP_DATABASE_URL and SHOP_REDIS_URL, and NETWORK, where containers find them (host).
set -euo pipefail
cd "$(dirname "$0")/.."

FROM=$(sed -n 's/^FROM \(python:[^ ]*\) AS packages$/\1/p' Dockerfile)
PATIENCE=${PATIENCE:-300} # seconds for a part to be well; under emulation all is ten times as slow
NETWORK=${NETWORK:-host}

base() {
  local arch=${1:-$(dpkg --print-architecture)}
  root=$(mktemp -d) # not local: the trap outlives this function
  trap 'rm -rf "$root"' EXIT
  # Extracted, not configured: the scripts of a hundred packages would take half an hour under emulation, and none is needed.
  mmdebstrap --arch="$arch" --variant=extract --format=directory \
    --include=bash,ca-certificates,coreutils,dash,grep,media-types,netbase,passwd,python-is-python3,python3,python3-pip-whl,python3-venv,sed,tzdata \
    trixie "$root/base"
  ln -sf dash "$root/base/usr/bin/sh"
  cp "$root"/base/usr/share/base-passwd/passwd.master "$root/base/etc/passwd"
  cp "$root"/base/usr/share/base-passwd/group.master "$root/base/etc/group"
  touch "$root/base/etc/shadow" "$root/base/etc/gshadow"
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/base/etc/ssl/certs/" # whom this machine trusts
  rm "$root"/base/usr/lib/python3*/EXTERNALLY-MANAGED
  # The official image has pip as pip itself installs it, which the last stage takes away again.
  chroot "$root/base" sh -c 'wheel=$(echo /usr/share/python-wheels/pip-*.whl) &&
    python3 "$wheel/pip" install --quiet --no-index --no-compile --root-user-action=ignore "$wheel"'
  tar -C "$root/base" -c . | docker import --platform "linux/$arch" - "$FROM"
}

build() {
  DOCKER_BUILDKIT=0 docker build --target "${1:-final}" --tag "cornershop:by-hand-${1:-final}" .
}

run() {
  local image=cornershop:by-hand-${1:-final} part code failed=0
  local settings=(
    --env SHOP_DATABASE_URL --env SHOP_REDIS_URL --env SHOP_SECRET_KEY="a secret for this trial only"
    --env SHOP_GATEWAYS=demo --env SHOP_DEMO_GATEWAY_SECRET="another secret for this trial"
    --env SHOP_STOREFRONT_PORT=18300 --env SHOP_ADMIN_PORT=18301 --env SHOP_SANDBOX_PORT=18302 --env SHOP_SMTP_PORT=18325
  )
  local as=(--network "$NETWORK" --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --stop-timeout 110)
  trap tidy EXIT
  docker run --rm --network none --entrypoint sh "$image" -c 'python --version; uname -m; id -u'
  docker run --rm "${as[@]}" "${settings[@]}" "$image" role migrate
  for part in storefront admin worker relay scheduler $([ "${1:-final}" = demo ] && echo sandbox); do
    docker run --detach --name "by-hand-$part" "${as[@]}" "${settings[@]}" "$image" role "$part" > /dev/null
    for ((second = 0; second < PATIENCE; second++)); do
      [ "$(docker exec "by-hand-$part" cat /proc/1/cmdline 2> /dev/null | tr '\0' ' ' | grep -c 'role ')" = 0 ] &&
        docker exec "by-hand-$part" python -m cli.healthcheck 2> /dev/null && break
      sleep 1
    done
    case $part in
      storefront) asks by-hand-storefront 18300 || failed=1 ;;
      admin) asks by-hand-admin 18301 || failed=1 ;;
    esac
    docker stop "by-hand-$part" > /dev/null
    code=$(docker inspect --format '{{.State.ExitCode}}' "by-hand-$part")
    if [ "$second" -lt "$PATIENCE" ] && [ "$code" = 0 ]; then
      echo "$part: well, and ended with 0"
    else
      docker logs "by-hand-$part" 2>&1 | tail -20
      echo "$part: $([ "$second" -lt "$PATIENCE" ] && echo well || echo "not well after $PATIENCE s"), ended with $code"
      failed=1
    fi
    docker rm --volumes "by-hand-$part" > /dev/null
  done
  return $failed
}

tidy() {
  docker ps --all --quiet --filter name=by-hand- | xargs --no-run-if-empty docker rm --force --volumes > /dev/null
}

asks() { # what a site of the container says of itself
  docker exec "$1" python -c '
import sys, urllib.request
for path in ("healthz", "readyz"):
    asked = urllib.request.Request(f"http://127.0.0.1:{sys.argv[1]}/{path}", headers={"Host": f"localhost:{sys.argv[1]}"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        print(f"/{path}", answer.status, answer.read().decode().strip())' "$2"
}

case ${1:-} in
  base | build | run) "$@" ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
