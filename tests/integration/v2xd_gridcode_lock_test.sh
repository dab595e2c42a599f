#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A locked profile, a site's drop-in and the installer's key from the configuration.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

code() { v2xctl --json gridcode status | json "$1"; }
code_is() { [ "$(code profile)" = "$1" ]; }
table_hash() { v2xctl --json protection show | json hash; }
table_is() { [ "$(table_hash)" = "$1" ]; }
said() { grep -q -- "$1" "$work/output"; }
# conf LINE...: the configuration, with these lines in [gridcode].
conf() {
	printf '[user]\np_mw = -1000000\n[gridcode]\nstate = %s\nkey_hash = %s\nprofiles = %s\n' \
		"$work/state" "$work/installer.hash" "$work/profiles"
	[ $# -eq 0 ] || printf '%s\n' "$@"
}
# No pipe: v2xd is to be this shell's own child.
starts() { v2xd_start < <(conf "$@"); }
# It does not get ready; whatever is left of it is ended.
does_not_start() {
	v2xd_start < <(conf "$@") >/dev/null
	local rc=$?
	[ $rc -ne 0 ] || return 1
	kill "$v2xd_pid" 2>/dev/null
	wait "$v2xd_pid" 2>/dev/null
	v2xd_pid=
}

# The shipped profile, and the same one locked in its header.
mkdir -p "$work/profiles"
v2xctl --json gridcode show eu-en50549-1 >"$work/shown" || echo "Bail out! no profiles"
for dir in "${V2X_GRIDCODE_DIR:-}" "$PWD/userspace/gridcode/profiles" /usr/share/v2x/gridcode; do
	[ ! -f "$dir/eu-en50549-1.conf" ] || break
done
cp "$dir/eu-en50549-1.conf" "$work/profiles/"
sed 's/^\[profile\]/&\nlocked = yes/' "$dir/eu-en50549-1.conf" >"$work/profiles/locked.conf"
sha=$(sha256sum "$work/profiles/locked.conf" | cut -d' ' -f1)

charger_create
check "a key is made" v2xctl gridcode key "$work/key" "$work/installer.hash"
check "starts" starts
default=$(table_hash)

# The lock of the profile's header.
check "a locked profile is refused without the key" fails_with 1 \
	v2xctl gridcode apply locked --acknowledge-draft
check "and says what it needs" said "installer's key"
check "nothing is in force" code_is none
check "applied with the key" v2xctl gridcode apply locked --acknowledge-draft --key "$work/key"
check "it is in force" code_is locked
table=$(table_hash)
check "with a table of its own" test "$table" != "$default"
check "another one does not take its place without the key" fails_with 1 \
	v2xctl gridcode apply eu-en50549-1 --acknowledge-draft
check "nor does none" fails_with 1 v2xctl gridcode apply none
check "it is still in force" code_is locked
check "the table too" table_is "$table"
check "with the key it is taken away" v2xctl gridcode apply none --key "$work/key"
check "the charger's own table is back" table_is "$default"
check "stops" v2xd_stop

# The site's drop-in.
printf '[trip]\nof1_time = 1 s\n' >"$work/site.conf"
check "starts with a drop-in" starts "overrides = $work/site.conf"
check "a profile is applied" v2xctl gridcode apply eu-en50549-1 --acknowledge-draft
check "its hash is told" test -n "$(code site_sha256)"
with_site=$(table_hash)
printf '[trip]\nof1_time = 1000 s\n' >"$work/site.conf"
check "a drop-in out of the code's range is refused" fails_with 1 \
	v2xctl gridcode apply eu-en50549-1 --acknowledge-draft
check "and named" said 'of1_time'
check "nothing has changed" table_is "$with_site"
printf '[trip]\nof1_time = 0.5 s\n' >"$work/site.conf"
check "with another value" v2xctl gridcode apply eu-en50549-1 --acknowledge-draft
check "the table is another one" eval '! table_is "$with_site"'
v2xctl gridcode apply none >/dev/null
check "stops" v2xd_stop

# The configuration's profile, acknowledgement and key.
rm -rf "$work/state"
check "a draft nobody acknowledged does not start" does_not_start 'profile = locked'
check "and says which hash to write" logged "acknowledge = $sha"
check "acknowledged but without the key neither" does_not_start 'profile = locked' \
	"acknowledge = $sha"
check "and says what it needs" logged "installer's key"
check "with the key of the configuration it starts" starts 'profile = locked' \
	"acknowledge = $sha" "key = $work/key"
check "and the profile is in force" code_is locked
check "by the configuration" test "$(code source)" = config
check "with the locked profile's table" table_is "$table"
chmod 644 "$work/key"
check "stops" v2xd_stop
rm -rf "$work/state"
check "a key that others can read is none" does_not_start 'profile = locked' \
	"acknowledge = $sha" "key = $work/key"
finish
