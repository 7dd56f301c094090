# Sourced, never run: `source tools/setup_env.sh`. Sets CHAINRULE_ROOT and CHAINRULE_TOOLCHAIN and puts an emcc on PATH.
# CMake does not need it (cmake/toolchain_emscripten.cmake finds the same compiler); scripts and people do.
# shellcheck shell=bash

CHAINRULE_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CHAINRULE_TOOLCHAIN="${CHAINRULE_TOOLCHAIN:-$CHAINRULE_ROOT/.toolchain}"
export CHAINRULE_ROOT CHAINRULE_TOOLCHAIN

# The oldest Emscripten the code is written for.
CHAINRULE_EMCC_MINIMUM=3.1.61

# True when the first version is at least the second.
chainrule_version_at_least() {
  [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]
}

# The version of the emcc named, e.g. 3.1.69; empty when it does not run.
chainrule_emcc_version() {
  "$1" --version 2>/dev/null | sed -n '1s/^[^)]*) \([0-9][0-9.]*\).*/\1/p'
}

# Paths that a fresh clone on the same machine names otherwise must not spoil the compiler cache.
export CCACHE_BASEDIR="${CCACHE_BASEDIR:-$CHAINRULE_ROOT}"
export CCACHE_NOHASHDIR="${CCACHE_NOHASHDIR:-1}"

# The person's own emcc wins when it is new enough; otherwise the one that tools/setup.sh unpacked.
chainrule_own_emscripten="$CHAINRULE_TOOLCHAIN/emscripten/usr/share/emscripten"
chainrule_path_emcc="$(command -v emcc || true)"
if [ -z "$chainrule_path_emcc" ] ||
  ! chainrule_version_at_least "$(chainrule_emcc_version "$chainrule_path_emcc")" "$CHAINRULE_EMCC_MINIMUM"; then
  if [ -x "$chainrule_own_emscripten/emcc" ]; then
    export PATH="$chainrule_own_emscripten:$PATH"
  fi
fi
unset chainrule_path_emcc
