# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Where the kernels and the build live, and what their releases are. Sourced by the other scripts here.

vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
v2x_top=$(cd "$vm_dir/../.." && pwd)

vm_say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
vm_die() { vm_say "$@"; exit "${VM_DIE_STATUS:-1}"; }

# Output of this tree: goes away with "make clean".
V2X_BUILD=${V2X_BUILD:-$v2x_top/build}
mkdir -p "$V2X_BUILD" 2>/dev/null || vm_die "cannot create the build directory $V2X_BUILD;" \
	"name a writable one: make O=DIR, or V2X_BUILD=DIR in the environment"
V2X_BUILD=$(cd "$V2X_BUILD" && pwd)

# Unpacked and built kernels: kept, shared by all trees of this user.
V2X_CACHE=${V2X_CACHE:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/v2x}
export V2X_BUILD V2X_CACHE

vm_need_cache() {
	if ! mkdir -p "$V2X_CACHE/kernels" 2>/dev/null || [ ! -w "$V2X_CACHE/kernels" ]; then
		vm_die "cannot write the kernel cache $V2X_CACHE; name a writable one: V2X_CACHE=DIR"
	fi
	V2X_CACHE=$(cd "$V2X_CACHE" && pwd)
}

# Release of the newest installed stock headers of a series, e.g. "6.12.5+deb12-amd64"; empty when none.
# Meta packages and the cloud and rt flavours do not match.
vm_stock_release() {
	dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' 'linux-headers-[0-9]*-amd64' 2>/dev/null |
		sed -nE "s/^ii .?linux-headers-(${1//./\\.}\.[0-9]+[+-][a-z0-9]+-amd64)\$/\1/p" |
		sort -V | tail -n 1
}

# Version of the installed package of kernel source, empty when none.
vm_source_version() {
	dpkg-query -W -f '${db:Status-Abbrev}${Version}\n' linux-source-6.12 2>/dev/null |
		sed -n 's/^ii //p'
}

# Directory of the debug kernel: its name changes with everything that goes into it.
vm_debug_dir() {
	local version key
	version=$(vm_source_version)
	[ -n "$version" ] || vm_die "linux-source-6.12 is not installed; run: tools/setup"
	key=$( { echo "$version"; gcc -dumpfullversion; cat "$vm_dir/debug.config" "$vm_dir/build-debug-kernel"; } |
		sha256sum)
	echo "$V2X_CACHE/kernels/debug-${key:0:12}"
}

# vm_kernel_dir 6.12|6.1|debug: the directory that holds image, release and modules/; it may not exist yet.
vm_kernel_dir() {
	local rel
	case $1 in
	debug)
		vm_debug_dir ;;
	6.12 | 6.1)
		rel=$(vm_stock_release "$1")
		[ -n "$rel" ] || vm_die "no headers of kernel $1 are installed; run: tools/setup"
		echo "$V2X_CACHE/kernels/$rel" ;;
	*)
		vm_die "unknown kernel '$1'; known: 6.12 6.1 debug" ;;
	esac
}

# Makes sure the kernel is in the cache and prints its directory.
vm_prepare_kernel() {
	local dir
	dir=$(vm_kernel_dir "$1") || exit
	if [ ! -e "$dir/ready" ]; then
		vm_need_cache
		if [ "$1" = debug ]; then
			"$vm_dir/build-debug-kernel" >&2 || exit
		else
			"$vm_dir/fetch-kernel" "$1" >&2 || exit
		fi
	fi
	echo "$dir"
}
