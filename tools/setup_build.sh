# Sourced by ./run and ./test, from the root: configure PRESET, build PRESET TARGET...
# shellcheck shell=bash

mkdir -p build

# CMake's own chatter is shown only when something is wrong. An existing build reconfigures itself when it has to.
configure() {
  local preset="$1" log="build/configure-$1.log"
  [ ! -f "build/$preset/build.ninja" ] || return 0
  if ! flock "build/$preset.lock" cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log" >&2
    echo "CMake could not configure $preset; its message is above." >&2
    return 1
  fi
}

# Two builds in one folder at a time would spoil it, hence the lock.
build() {
  local preset="$1"
  shift
  flock "build/$preset.lock" cmake --build --preset "$preset" --target "$@"
}
