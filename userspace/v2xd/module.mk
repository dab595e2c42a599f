# SPDX-License-Identifier: Apache-2.0
# The supervisor.
V2XD_SOURCES := $(addprefix userspace/v2xd/,\
	main.c session.c session_device.c session_config.c session_control.c session_code.c session_trial.c \
	code/choice.c code/list.c code/force.c code/store.c \
	grid.c journal.c memory.c notify.c \
	loop/loop.c loop/spsc.c \
	dispatch/dispatch.c dispatch/conflict.c services/code.c services/droop.c \
	config/config.c config/keys.c config/file.c config/print.c \
	control/parse.c control/parse_gridcode.c control/answer.c control/answer_gridcode.c control/server.c \
	converter/device.c converter/policy.c converter/protection.c \
	panel/panel.c panel/lamp.c)

$(eval $(call v2x_program,v2xd,$(V2XD_SOURCES),liburing libsystemd libgpiod jansson inih $(GRIDCODE_PKGS),-pthread,$$(O)/lib/libgridcode.a $$(O)/lib/libv2x.a -pthread -lm))
