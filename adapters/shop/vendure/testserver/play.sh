#!/usr/bin/env bash
# A real Vendure with Nevermind beside it, to play with. Ctrl-C ends both, and what they kept is forgotten.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
here=adapters/shop/vendure/testserver
[ -d "$here/node_modules" ] || npm ci --no-audit --no-fund --prefix "$here"
play="$(mktemp -d)"
trap 'trap - EXIT; kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$play"' EXIT INT TERM
printf 'name: quick\nwindows: {seller_answer: 30s}\n' >"$play/quick.yaml"
export VENDURE_DISABLE_TELEMETRY=true VENDURE_URL="${VENDURE_URL:-http://127.0.0.1:3417}" VENDURE_DATA="$play/vendure"
export NEVERMIND_LISTEN="${NEVERMIND_LISTEN:-127.0.0.1:8080}" NEVERMIND_DATA="$play/data" NEVERMIND_POLICY="$play/quick.yaml"
export NEVERMIND_API_KEY="$(head -c 32 /dev/urandom | base64 | tr -d '/+=')"
export NEVERMIND_SHOP_WEBHOOK_SECRET="whsec_$(head -c 32 /dev/urandom | base64)"
export NEVERMIND_SHOP=vendure NEVERMIND_SHOP_URL="$VENDURE_URL" NEVERMIND_SHOP_SETTLES=on NEVERMIND_API="http://$NEVERMIND_LISTEN"
node "$here/server.js" >"$play/vendure.log" &
until [ -s "$VENDURE_DATA/seeded.json" ]; do sleep 1; done
export NEVERMIND_SHOP_TOKEN="$(sed 's/.*"key":"\([^"]*\)".*/\1/' "$VENDURE_DATA/seeded.json")"
go build -o "$play/nevermind" ./cmd/nevermind
cat <<END

Vendure is at $VENDURE_URL (admin API: superadmin, superadmin), Nevermind at http://$NEVERMIND_LISTEN. A silent seller has 30 seconds.
In another terminal, in this folder:

  export VENDURE_URL=$VENDURE_URL VENDURE_DATA=$VENDURE_DATA NEVERMIND_DATA=$NEVERMIND_DATA
  node $here/buy.js lamp=3 shade=1            # Ana buys of two sellers
  $play/nevermind chat --as 1                 # be Ana, and cancel
  node $here/show.js CODE                     # what Vendure says

END

"$play/nevermind" serve
