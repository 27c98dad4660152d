# Shared by the scripts beside it: where the tree is, how they speak, how they build. Sourced, never run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

# A step that may take a while says so before it starts.
step() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }

fail() {
    printf 'abide: %s\n' "$*" >&2
    exit 1
}

# build CONFIG [FLAGS…]: fetching the packages is a step of its own, so that a slow network is told from a slow compiler.
build() {
    local config=$1
    shift
    if [ ! -d .build/checkouts ]; then
        step "Fetching the Swift packages (once, about half a minute)"
        swift package resolve
    fi
    if [ ! -e ".build/$config/abide" ]; then
        step "Building ($config). The first time takes some five minutes, most of it the libraries; later builds take seconds"
    else
        step "Building ($config)"
    fi
    swift build -c "$config" "$@"
}
