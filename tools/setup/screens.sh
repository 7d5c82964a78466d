#!/usr/bin/env bash
# The screens: their locked packages, and their build into src/parley/web/static, from where the node serves them.
# usage: screens.sh packages | build
set -eu
cd web
case "${1:?packages or build}" in
  packages) npm ci --no-audit --no-fund ;;
  build) npm run build ;;
esac
