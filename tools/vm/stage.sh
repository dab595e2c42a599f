# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The guest's /lib/modules and initramfs. Sourced by run; uses its $kernel_dir, $release and $stage_root.
# shellcheck disable=SC2154

# stage_modules DIR...: what the kernel brings and, in updates/, the modules found in the directories. Named by
# content, so that a machine still running keeps its own. Sets $stage.
stage_modules() {
	local dir key into file list=()
	for dir in "$@"; do
		[ -d "$dir" ] || vm_die "--modules $dir: no such directory"
		while IFS= read -r file; do
			list+=("$(realpath "$file")")
		done < <(find -L "$dir" -name '*.ko' | sort)
	done
	key=$( { echo "$kernel_dir"; [ ${#list[@]} -eq 0 ] || stat -c '%n %s %y' "${list[@]}"; } | sha256sum)
	stage=$stage_root/modules-${key:0:12}
	exec 9>"$stage_root/lock"
	flock 9
	if [ ! -e "$stage/ready" ]; then
		find "$stage_root" -mindepth 1 -maxdepth 1 -name 'modules-*' -mtime +0 -exec rm -rf {} + || true
		rm -rf "$stage"
		into=$stage/lib/modules/$release
		mkdir -p "$into/updates"
		cp "$kernel_dir"/modules/modules.{order,builtin,builtin.modinfo} "$into/"
		[ ! -d "$kernel_dir/modules/kernel" ] || ln -s "$kernel_dir/modules/kernel" "$into/kernel"
		[ ${#list[@]} -eq 0 ] || cp "${list[@]}" "$into/updates/"
		depmod -b "$stage" "$release" || vm_die "depmod failed on $stage"
		touch "$stage/ready"
	fi
	exec 9>&-
}

# pack_initramfs FILE: busybox, our init, the pacer and the modules that reach the host's tree, in the order they go in.
pack_initramfs() {
	local tree name file order=()
	tree=$(mktemp -d "$stage_root/initramfs.XXXXXX")
	mkdir -p "$tree/bin" "$tree/dev" "$tree/modules"
	cp "$(command -v busybox)" "$tree/bin/busybox"
	cp "$vm_dir/guest-init" "$tree/init"
	chmod 755 "$tree/init"
	gcc -std=gnu17 -D_GNU_SOURCE -O2 -static -o "$tree/bin/pacer" "$vm_dir/pacer.c" ||
		vm_die "cannot compile pacer.c; run: tools/setup"
	for name in virtio_pci virtio_console 9pnet_virtio 9p overlay configfs; do
		while read -r _ file; do
			case $file in *.ko) ;; *) continue ;; esac
			[ ! -e "$tree/modules/${file##*/}" ] || continue
			cp "$file" "$tree/modules/"
			order+=("${file##*/}")
		done < <(modprobe -d "$stage" -S "$release" --show-depends "$name" | grep '^insmod')
	done
	: >"$tree/modules/order"
	[ ${#order[@]} -eq 0 ] || printf '%s\n' "${order[@]}" >"$tree/modules/order"
	(cd "$tree" && find . | cpio --quiet -o -H newc -R 0:0) >"$1"
	rm -rf "$tree"
}
