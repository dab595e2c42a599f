# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The virtual machine: how QEMU is called, and the state it starts from. Sourced by run; uses its options.
# Commas in arrays are QEMU's, $V2X_STATE is for its shell.
# shellcheck disable=SC2016,SC2054,SC2154

# What must be equal for a kept state to be usable. Sets $machine.
describe_machine() {
	local params clock
	# One processor, timers from the local APIC, time from the TSC, nothing that asks or waits.
	params="console=ttyS0 loglevel=5 panic=-1 oops=panic nokaslr tsc=reliable no_timer_check nowatchdog"
	params+=" mitigations=off random.trust_cpu=on random.trust_bootloader=on cryptomgr.notests log_buf_len=4M"
	params+=" audit=0 lsm=capability rcupdate.rcu_expedited=1 suspend.pm_test_delay=1 rdinit=/init"
	if [ -z "$realtime" ]; then
		clock=(-accel tcg -icount shift=0,sleep=off -cpu Nehalem -seed 1
			-rtc base=2026-01-01T00:00:00,clock=vm)
		# Known by construction: one instruction is one nanosecond.
		params+=" tsc_early_khz=1000000"
	elif [ -n "$kvm" ]; then
		clock=(-accel kvm -cpu host -smp "$smp")
	else
		clock=(-accel tcg -cpu Nehalem -smp "$smp")
	fi
	machine=(-nodefaults -no-user-config -display none -no-reboot
		-machine q35,hpet=off,usb=off,smbus=off,graphics=off,vmport=off
		"${clock[@]}" -m "$mem" -kernel "$kernel_dir/image" -append "$params $kcmdline")
}

# connect WORK [SHELL]: ports and shares, always the same set; only what is behind them differs. A named port
# writes the file WORK/NAME; the job comes through a fifo. Sets $devices.
connect() {
	local work=$1 name tty=null,id=tty
	[ -z "${2:-}" ] || tty=stdio,id=tty,signal=off
	devices=(-serial "file:$work/console" -device virtio-serial-pci,max_ports=8
		-chardev "$tty" -device virtconsole,chardev=tty)
	: >"$work/console"
	for name in stdout stderr status dmesg; do
		: >"$work/$name"
		devices+=(-chardev "file,id=$name,path=$work/$name"
			-device "virtserialport,chardev=$name,name=v2x.$name")
	done
	mkfifo "$work/job"
	devices+=(-chardev "pipe,id=job,path=$work/job" -device "virtserialport,chardev=job,name=v2x.job"
		-fsdev "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap"
		-device virtio-9p-pci,fsdev=root,mount_tag=root
		-fsdev "local,id=out,path=${out:-$work},security_model=none,multidevs=remap"
		-device virtio-9p-pci,fsdev=out,mount_tag=out)
}

# keep_state DIR: boots once up to where the guest asks for its job, and keeps the machine's state there.
keep_state() {
	local dir=$1 i=0 status=0
	rm -f "$dir/job" "$dir/over"
	connect "$dir"
	vm_say "booting kernel $kernel once, to start from that state the next times"
	# Commands of QEMU's monitor; the inner shell expands V2X_STATE.
	{
		while [ $((i += 1)) -lt 3000 ] && ! grep -q ready "$dir/status" && [ ! -e "$dir/over" ]; do
			sleep 0.1
		done
		! grep -q ready "$dir/status" ||
			printf '%s\n' 'migrate_set_parameter max-bandwidth 100G' 'migrate "exec:cat >\"$V2X_STATE\""'
		echo quit
	} | {
		V2X_STATE=$dir/state.new qemu-system-x86_64 "${machine[@]}" -initrd "$dir/initramfs" "${devices[@]}" \
			-monitor stdio >"$dir/qemu" 2>&1 || status=$?
		touch "$dir/over"
		exit $status
	} || return
	[ -s "$dir/state.new" ] && mv "$dir/state.new" "$dir/state"
}

# prepare_boot: initramfs and, for a machine with counted instructions, the state after boot; both are made once.
# Sets $boot.
prepare_boot() {
	local key
	key=$( { printf '%s\n' "${machine[@]}"; qemu-system-x86_64 --version; cat "$vm_dir/guest-init" \
		"$vm_dir/pacer.c" "$vm_dir/stage.sh" "$vm_dir/machine.sh" "$kernel_dir/config"
		stat -c '%s %y' "$kernel_dir/image"; } | sha256sum)
	boot=$stage_root/boot-${key:0:12}
	exec 9>"$stage_root/boot.lock"
	flock 9
	if [ ! -e "$boot/ready" ]; then
		find "$stage_root" -mindepth 1 -maxdepth 1 -name 'boot-*' -mtime +0 -exec rm -rf {} + || true
		rm -rf "$boot"
		mkdir "$boot"
		pack_initramfs "$boot/initramfs"
		touch "$boot/ready"
	fi
	if [ -z "$realtime$cold" ] && [ ! -e "$boot/state" ] && [ ! -e "$boot/stateless" ] && ! keep_state "$boot"; then
		tr -d '\r' <"$boot/console" | tail -n 40 | cat "$boot/qemu" - | sed 's/^/  | /' >&2
		vm_say "the machine's state could not be kept; booting in full"
		# Not to be tried each time where QEMU cannot; but again where something else stopped the boot.
		[ ! -s "$boot/status" ] || touch "$boot/stateless"
	fi
	exec 9>&-
}
