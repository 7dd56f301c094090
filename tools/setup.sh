#!/usr/bin/env bash
# Installs what Chainrule is built and tested with, on Debian 12 or 13, as root or with sudo.
#
#   tools/setup.sh build    what the website needs
#   tools/setup.sh test     that, and what the tests need
#
# Each step checks first and does nothing when it has nothing to do, so a second run takes about a second. All that does not
# come as an installed Debian package lands in .toolchain/ (CHAINRULE_TOOLCHAIN names another folder) and node_modules/.
set -euo pipefail

what="${1:-test}"
case "$what" in
  build | test) ;;
  *) echo "setup: say 'build' or 'test', not '$what'." >&2; exit 2 ;;
esac

# shellcheck source=tools/setup_env.sh # shellcheck -x reads it
source "$(dirname "${BASH_SOURCE[0]}")/setup_env.sh"
cd "$CHAINRULE_ROOT"

# Pins. Debian's revision behind the upstream version may move (security fixes); the upstream version may not.
readonly EMSCRIPTEN_VERSION=3.1.69
readonly BINARYEN_VERSION=120
readonly LIBC_VERSION=2.41
readonly LIBGCC_VERSION=14.2.0
readonly SDL2_VERSION=2.32.4
readonly IMGUI_VERSION=1.90.1
readonly NODE_MINIMUM=18

say() { echo "setup: $*"; }
fail() {
  echo "setup: $*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "'$*' needs root: run this as root, or install sudo."
  fi
}

# Networks stumble: three tries, with a pause between them.
retry() {
  local attempt
  for attempt in 1 2 3; do
    if "$@"; then
      return 0
    fi
    [ "$attempt" -eq 3 ] || sleep $((attempt * 4))
  done
  return 1
}

# ---------------------------------------------------------------------------------------------------------------- stamps
# A step is done when its stamp holds its key: the step's own text, its pins and the folder it works in.

stamp_key() {
  { declare -f "$1"; echo "$EMSCRIPTEN_VERSION $BINARYEN_VERSION $LIBC_VERSION $SDL2_VERSION $IMGUI_VERSION"
    echo "$CHAINRULE_TOOLCHAIN"; } | sha256sum | cut -d' ' -f1
}

run_step() {
  local step="$1" stamp key
  stamp="$CHAINRULE_TOOLCHAIN/stamps/$step"
  key="$(stamp_key "$step")"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$key" ]; then
    return 0
  fi
  mkdir -p "$CHAINRULE_TOOLCHAIN/stamps"
  rm -f "$stamp"
  "$step"
  echo "$key" >"$stamp"
}

# --------------------------------------------------------------------------------------------------------- Debian's own

debian_release() {
  # shellcheck disable=SC1091
  (. /etc/os-release 2>/dev/null && [ "${ID:-}" = debian ] && echo "${VERSION_ID:-}") || true
}

apt_update() {
  # 'update' also ends well when an index could not be had; what matters is whether the packages can then be installed.
  retry as_root apt-get -q -o DPkg::Lock::Timeout=300 update ||
    echo "apt-get update had trouble; trying with the lists at hand."
}

missing_packages() {
  local package
  for package in "$@"; do
    if [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null)" != "ii " ]; then
      echo "$package"
    fi
  done
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "installing ${missing[*]}"
  local log="$CHAINRULE_TOOLCHAIN/apt-install.log"
  apt_update >"$log" 2>&1
  retry as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
    --no-install-recommends "${missing[@]}" >>"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    fail "apt-get could not install: ${missing[*]}. Its own message above says why."
  }
}

have_node() {
  command -v node >/dev/null && command -v npm >/dev/null &&
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge "$NODE_MINIMUM" ]
}

have_own_emcc() {
  local emcc
  emcc="$(command -v emcc)" && [[ "$emcc" != "$CHAINRULE_TOOLCHAIN"/* ]] &&
    chainrule_version_at_least "$(chainrule_emcc_version "$emcc")" "$CHAINRULE_EMCC_MINIMUM"
}

install_debian_packages() {
  local packages=(
    cmake ninja-build ccache python3 xz-utils dpkg-dev ca-certificates
    # the site's typefaces, and what cuts them to size
    fonts-inter fonts-jetbrains-mono fonts-stix fonts-dejavu-core fonttools
    # the words of the lessons
    python3-markdown
    libglm-dev
  )
  if ! have_node; then
    packages+=(nodejs npm)
  fi
  if ! have_own_emcc; then
    case "$release" in
      12) packages+=(clang-19 lld-19 llvm-19 node-acorn patchelf) ;;  # what Debian 13's emscripten drives
      13) packages+=(emscripten) ;;
    esac
  fi
  if [ "$what" = test ]; then
    # g++ brings the standard library's headers; libclang-rt has the sanitizers and libFuzzer.
    packages+=(g++ clang-19 lld-19 llvm-19 libclang-rt-19-dev libgtest-dev googletest chromium git)
    # the second browser, and the screen that it needs for WebGL in software
    packages+=(firefox-esr xvfb libgl1-mesa-dri)
  fi
  install_packages "${packages[@]}"
  have_node || fail "node >= $NODE_MINIMUM and npm are needed; this machine has $(node --version 2>/dev/null || echo none)."
}

# ------------------------------------------------------------------------------------------------- files of Debian 13
# apt, pointed at Debian 13 by a configuration of its own: nothing under /etc or /var changes, nothing is installed, and the
# signatures are checked with the keyring that the machine has.

trixie_apt=()

trixie_open() {
  [ "${#trixie_apt[@]}" -eq 0 ] || return 0
  local folder="$CHAINRULE_TOOLCHAIN/apt" codename uri
  codename="$([ "$release" = 13 ] && echo trixie || echo bookworm)"
  # The archive is the one that this machine is set up to use.
  archive_uri() {
    # shellcheck disable=SC2016 # apt expands it
    apt-get indextargets --format '$(REPO_URI)' "Codename: $codename" 'Origin: Debian' 'Created-By: Packages' | sort -u | head -n 1
  }
  uri="$(archive_uri)"
  if [ -z "$uri" ]; then
    apt_update
    uri="$(archive_uri)"
  fi
  [ -n "$uri" ] || fail "apt's sources on this machine name no Debian archive for $codename, so Debian 13's files have no address."
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  local signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  printf 'deb %s %s trixie main\ndeb-src %s %s trixie main\n' "$signed" "$uri" "$signed" "$uri" >"$folder/sources.list"
  trixie_apt=(-o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::Etc::preferencesparts=/dev/null -o Dir::Etc::preferences=/dev/null
    -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o Dir::State::status=/dev/null
    -o APT::Sandbox::User=root)
  retry apt-get "${trixie_apt[@]}" -o APT::Update::Error-Mode=any update >"$folder/update.log" 2>&1 || {
    cat "$folder/update.log" >&2
    fail "Debian 13's package lists could not be fetched from the archive this machine uses."
  }
}

# Ends with a sentence unless a version starts with the wanted upstream version.
check_pin() {  # package, wanted, versions offered
  local package="$1" wanted="$2" offered
  shift 2
  for offered in "$@"; do
    case "$offered" in
      "$wanted" | "$wanted"[-+.~]*) echo "$offered"; return 0 ;;
    esac
  done
  fail "Debian 13 no longer has $package $wanted; it offers: ${*:-none}. Change the pin in tools/setup.sh once it is tried."
}

fetch_binary() {  # package, wanted: downloads the .deb into the current folder
  local offered version
  mapfile -t offered < <(apt-cache "${trixie_apt[@]}" show "$1" 2>/dev/null | sed -n 's/^Version: //p')
  version="$(check_pin "$1" "$2" "${offered[@]}")"
  retry apt-get -qq "${trixie_apt[@]}" download "$1=$version" || fail "$1 $version could not be downloaded."
}

fetch_source() {  # source package, wanted, folder: unpacks the source there
  local offered version
  mapfile -t offered < <(apt-cache "${trixie_apt[@]}" showsrc "$1" 2>/dev/null | sed -n 's/^Version: //p')
  version="$(check_pin "$1" "$2" "${offered[@]}")"
  retry apt-get -qq "${trixie_apt[@]}" source --download-only "$1=$version" >/dev/null || fail "$1 $version could not be downloaded."
  # apt has checked the signed list and the sums; dpkg-source's own check wants a keyring of every Debian developer.
  rm -rf "$3"
  dpkg-source --no-check -x "$1"_*.dsc "$3" >/dev/null
}

emscripten() {
  local folder="$CHAINRULE_TOOLCHAIN/emscripten" scratch="$CHAINRULE_TOOLCHAIN/scratch" deb file loader libraries
  say "fetching Emscripten $EMSCRIPTEN_VERSION (about 250 MB)"
  trixie_open
  rm -rf "$folder" "$scratch"
  mkdir -p "$folder" "$scratch"
  cd "$scratch"
  fetch_binary emscripten "$EMSCRIPTEN_VERSION"
  fetch_binary binaryen "$BINARYEN_VERSION"
  # binaryen is linked against a newer C library than Debian 12 has: it gets Debian 13's, for itself alone.
  fetch_binary libc6 "$LIBC_VERSION"
  fetch_binary libstdc++6 "$LIBGCC_VERSION"
  fetch_binary libgcc-s1 "$LIBGCC_VERSION"
  for deb in *.deb; do
    # The link-time-optimization and position-independent copies of the libraries are two thirds of it, and unused here.
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$folder" --exclude='*/wasm32-emscripten/lto*' \
      --exclude='*/wasm32-emscripten/pic' --exclude='./usr/share/emscripten/test' --exclude='./usr/share/doc'
  done
  loader="$(find "$folder/usr/lib" -name 'ld-linux-*' | head -n 1)"
  libraries="$(dirname "$loader")"
  for file in "$folder"/usr/bin/wasm-* "$folder"/usr/bin/wasm2js; do
    patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$file"
  done
  patchelf --force-rpath --set-rpath "$libraries" "$libraries"/libbinaryen.so
  # emcc reads a config file that lies beside it, so nobody needs to set EM_CONFIG.
  cat >"$folder/usr/share/emscripten/.emscripten" <<EOF
LLVM_ROOT = '/usr/bin'
LLVM_ADD_VERSION = '19'
CLANG_ADD_VERSION = '19'
BINARYEN_ROOT = '$folder/usr'
NODE_JS = '$(command -v node)'
FROZEN_CACHE = True  # the system libraries come built; nothing is built or downloaded on the side
EOF
  mkdir -p "$folder/usr/share/emscripten/node_modules"
  ln -sfn /usr/share/nodejs/acorn "$folder/usr/share/emscripten/node_modules/acorn"
  cd "$CHAINRULE_ROOT"
  rm -rf "$scratch"
  "$chainrule_own_emscripten/emcc" --version >/dev/null || fail "the unpacked emcc does not run."
}

library_sources() {
  local scratch="$CHAINRULE_TOOLCHAIN/scratch"
  say "fetching the sources of SDL $SDL2_VERSION and Dear ImGui $IMGUI_VERSION"
  trixie_open
  rm -rf "$scratch"
  mkdir -p "$scratch" "$CHAINRULE_TOOLCHAIN/sources"
  cd "$scratch"
  fetch_source libsdl2 "$SDL2_VERSION" "$CHAINRULE_TOOLCHAIN/sources/sdl2"
  fetch_source imgui "$IMGUI_VERSION" "$CHAINRULE_TOOLCHAIN/sources/imgui"
  cd "$CHAINRULE_ROOT"
  rm -rf "$scratch"
}

# ------------------------------------------------------------------------------------------------------------------ npm

npm_packages() {
  local stamp=node_modules/.chainrule_stamp key
  key="$(cat package.json package-lock.json .npmrc | sha256sum | cut -d' ' -f1)"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$key" ]; then
    return 0
  fi
  say "installing the npm packages of package-lock.json"
  retry npm ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
    fail "npm ci could not install the packages that package-lock.json pins."
  echo "$key" >"$stamp"
}

# ----------------------------------------------------------------------------------------------------------------- main

release="$(debian_release)"
case "$release" in
  12 | 13) ;;
  *) fail "this script knows Debian 12 and 13 only. Elsewhere: an emsdk, CMake >= 3.25 and Ninja, then 'cmake --preset web-fetch'." ;;
esac

# One set-up at a time: two would unpack over each other.
mkdir -p "$CHAINRULE_TOOLCHAIN"
exec 9>"$CHAINRULE_TOOLCHAIN/lock"
flock 9

install_debian_packages
if [ "$release" = 12 ] && ! have_own_emcc; then
  run_step emscripten
fi
run_step library_sources
npm_packages
rm -rf "$CHAINRULE_TOOLCHAIN/apt" # its lists are of no use once the steps are done
