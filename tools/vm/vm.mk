# SPDX-License-Identifier: Apache-2.0
# The virtual machine. VM runs a command in it: $(VM) [--kernel 6.1] -- command
VM := tools/vm/run
VM_KERNEL ?= 6.12

.PHONY: shell debug-kernel vm-clean
shell: modules user ## a terminal in the virtual machine; VM_KERNEL=6.1 or debug for another kernel
	@$(VM) --kernel $(VM_KERNEL) --shell

debug-kernel: ## builds the debug kernel into the cache, once
	@tools/vm/build-debug-kernel

vm-clean: ## forgets the kernels fetched and built, and the machine's kept states
	@rm -rf $(O)/vm
	@tools/vm/fetch-kernel --clean
