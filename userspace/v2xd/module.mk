# SPDX-License-Identifier: Apache-2.0
# The supervisor.
V2XD_SOURCES := $(addprefix userspace/v2xd/,\
	main.c session.c session_device.c session_config.c session_control.c \
	grid.c journal.c notify.c \
	loop/loop.c loop/spsc.c \
	dispatch/dispatch.c services/droop.c \
	config/config.c config/keys.c config/file.c config/print.c \
	control/parse.c control/answer.c control/server.c \
	converter/device.c converter/policy.c converter/protection.c \
	panel/panel.c panel/lamp.c)

$(eval $(call v2x_program,v2xd,$(V2XD_SOURCES),liburing libsystemd libgpiod jansson inih,-pthread,$$(O)/lib/libv2x.a -pthread))
