# Sourced by ./run and ./test, from the root: configure PRESET, build PRESET TARGET...
# shellcheck shell=bash

mkdir -p build

# CMake's own chatter is shown only when something is wrong. A build reconfigures itself when a CMake file changes; only
# other presets, another compiler or another folder need this again.
configure() {
  local preset="$1" log="build/configure-$1.log" key
  key="$(cat CMakePresets.json - <<<"$PWD $CHAINRULE_TOOLCHAIN $(command -v emcc || true)" | sha256sum)"
  if [ -f "build/$preset/build.ninja" ] && [ "$(cat "build/$preset.configured" 2>/dev/null)" = "$key" ]; then
    return 0
  fi
  # A build keeps the compiler it began with, so one that began otherwise begins again (the compiler cache makes it short).
  flock "build/$preset.lock" rm -rf "build/$preset"
  if ! flock "build/$preset.lock" cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log" >&2
    echo "CMake could not configure $preset; its message is above." >&2
    return 1
  fi
  echo "$key" >"build/$preset.configured"
}

# Two builds in one folder at a time would spoil it, hence the lock.
build() {
  local preset="$1"
  shift
  flock "build/$preset.lock" cmake --build --preset "$preset" --target "$@"
}
